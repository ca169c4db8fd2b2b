// ONNX models with quantizers: QuantizeLinear and DequantizeLinear, QLinear operators, or QONNX's Quant.

import { refuse } from '../../network/refuse.ts';
import { createBudget } from '../budget.ts';
import { createNetworkBuilder } from '../builder.ts';
import type { Format, Imported, Meaning } from '../imported.ts';
import { readConstant } from '../onnx/constants.ts';
import { type OnnxContext, type OnnxValue, refuseNode, type Step } from '../onnx/context.ts';
import { onnxOperators } from '../onnx/operators.ts';
import {
  type OnnxGraph,
  type OnnxNode,
  type OnnxValueInfo,
  readOnnxGraph,
} from '../onnx/schema.ts';
import { emitPlainSum, materialize } from '../onnx/targets.ts';
import { inputView, shapeOfInput } from '../onnx/views.ts';

const lowerings = new Map(onnxOperators.map((lowering) => [lowering.name, lowering]));

const domains = new Set([
  '',
  'ai.onnx',
  'com.microsoft',
  'onnx.brevitas',
  'qonnx.custom_op.general',
  'finn.custom_op.general',
]);

function readersOf({ node }: OnnxGraph): Map<string, OnnxNode[]> {
  const readers = new Map<string, OnnxNode[]>();
  for (const reader of node) {
    for (const name of new Set(reader.input)) {
      const list = readers.get(name) ?? [];
      list.push(reader);
      readers.set(name, list);
    }
  }
  return readers;
}

function onlyOne<T>(what: string, list: readonly T[]): T {
  const [first] = list;
  if (first !== undefined && list.length === 1) return first;
  return refuse(
    'ONNX model',
    `it has ${list.length} ${what}s`,
    `export a model with one ${what}; constants belong among the initializers`,
  );
}

function inputValue({ name, type }: OnnxValueInfo): OnnxValue {
  const subject = `input "${name.slice(0, 80)}"`;
  const dimensions = type?.tensorType?.shape?.dim ?? [];
  const open = dimensions.findIndex(({ dimValue }) => !((dimValue ?? 0) >= 1));
  if (open >= 0 || dimensions.length === 0) {
    const { dimParam = '' } = dimensions[open] ?? {};
    refuse(
      subject,
      `its dimension ${Math.max(0, open)}${dimParam === '' ? '' : ` ("${dimParam.slice(0, 40)}")`} is not fixed`,
      'export the model with a fixed input shape and a batch of one',
    );
  }
  const dims = dimensions.map(({ dimValue }) => dimValue ?? 0);
  const shape = shapeOfInput(dims);
  if (shape === undefined || dims.some((size) => size > 65_535)) {
    return refuse(
      subject,
      `its shape is [${dims.slice(0, 8).join(', ')}]`,
      'export a batch of one of images, [1, channels, rows, columns], or of vectors',
    );
  }
  const elementType = type?.tensorType?.elemType ?? 0;
  return { kind: 'input', ...inputView(dims, shape), shape, elementType };
}

function walk(step: Step): void {
  const { node, context } = step;
  const lowering = lowerings.get(node.opType);
  if (lowering === undefined || !domains.has(node.domain)) {
    refuseNode(
      step,
      `this type of node${node.domain === '' ? '' : ` of domain "${node.domain.slice(0, 60)}"`} cannot be imported`,
      'replace it or end the model before it; `autonba list operators` names what can be imported',
    );
  }
  const inputs = node.input.map((name) => (name === '' ? undefined : context.values.get(name)));
  const constants = inputs.map((value) =>
    value?.kind === 'constant' ? value.constant : undefined,
  );
  const isConstant = node.input.every(
    (name, place) => name === '' || constants[place] !== undefined,
  );
  const [output] = node.output;
  if (output === undefined) refuseNode(step, 'it has no output', 'export the model again');
  if (lowering.fold !== undefined && isConstant) {
    const constant = lowering.fold(step, constants);
    context.budget(`node ${step.index} (${node.opType})`, constant.values.length);
    context.values.set(output, { kind: 'constant', constant });
  } else if (lowering.lower !== undefined) lowering.lower(step);
  else {
    refuseNode(
      step,
      'it works on activations, where only constants are supported',
      'remove it from the model or compute it on the host',
    );
  }
}

/** The graph's output as a tensor of the network, and what its integers mean. */
function outputOf(step: Step, value: OnnxValue): { tensor: string; meaning: Meaning } {
  const { builder } = step.context;
  switch (value.kind) {
    case 'host': {
      const { scale, zeroPoint } = builder.tensor(value.tensor);
      return { tensor: value.tensor, meaning: { scale, zero: zeroPoint } };
    }
    case 'sum':
    case 'addition':
    case 'integers': {
      const plain = value.kind === 'sum' ? emitPlainSum(step, value) : undefined;
      const { tensor, scale, zero } = plain ?? materialize(step, value);
      return { tensor, meaning: { scale, zero } };
    }
    case 'constant':
    case 'input':
      return refuse(
        'ONNX model',
        'its output does not depend on any layer',
        'export a model whose output is computed from its input',
      );
  }
}

function read(bytes: Uint8Array, name: string): Imported {
  const graph = readOnnxGraph(bytes);
  const budget = createBudget(bytes.byteLength);
  const values = new Map<string, OnnxValue>();
  for (const tensor of graph.initializer) {
    const constant = readConstant(tensor, `constant "${tensor.name.slice(0, 80)}"`, budget);
    values.set(tensor.name, { kind: 'constant', constant });
  }
  const input = onlyOne(
    'input',
    graph.input.filter((info) => !values.has(info.name)),
  );
  const output = onlyOne('output', graph.output);
  values.set(input.name, inputValue(input));
  const context: OnnxContext = {
    builder: createNetworkBuilder(name),
    budget,
    values,
    readers: readersOf(graph),
    outputs: new Set([output.name]),
    host: [],
    sources: [],
    notes: [],
    front: [],
    input: undefined,
    written: new WeakMap(),
  };
  graph.node.forEach((node, index) => {
    walk({ node, index, context });
  });
  const producer = graph.node.findIndex((node) => node.output.includes(output.name));
  const last = graph.node[producer];
  const value = values.get(output.name);
  if (last === undefined || value === undefined) {
    return refuse(
      'ONNX model',
      `no node computes its output "${output.name.slice(0, 80)}"`,
      'export it again',
    );
  }
  const written = outputOf({ node: last, index: producer, context }, value);
  if (context.input === undefined) {
    return refuse('ONNX model', 'its input is never quantized', 'put a quantizer on the input');
  }
  const network = context.builder.build(context.input, written.tensor);
  const kept = new Set(network.tensors.map((tensor) => tensor.name));
  return {
    format: 'onnx',
    network,
    output: written.meaning,
    host: context.host,
    sources: context.sources.filter(({ tensor }) => kept.has(tensor)),
    notes: [...new Set(context.notes)],
  };
}

/** A protobuf whose first field is one of a model's: most often the version of the format. */
function recognizes(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  const field = first >> 3;
  const wire = first & 7;
  return (field === 1 && wire === 0) || ([2, 3, 4, 6, 7, 8, 14].includes(field) && wire === 2);
}

export const onnx = {
  name: 'onnx',
  summary: 'ONNX with QuantizeLinear and DequantizeLinear or QLinear operators, and QONNX',
  operators: onnxOperators.map((lowering) => ({ name: lowering.name, summary: lowering.summary })),
  recognizes,
  read,
} satisfies Format;
