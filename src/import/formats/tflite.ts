// TensorFlow Lite models of 8-bit integers, in the arithmetic of its reference kernels.

import { acceleratorOutput } from '../../network/geometry.ts';
import { tensorOf } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
import { createBudget } from '../budget.ts';
import { createNetworkBuilder } from '../builder.ts';
import type { Format, Imported, Source } from '../imported.ts';
import { codeName, type LiteContext, shapeOf, subjectOf } from '../tflite/context.ts';
import { type LiteModel, type LiteOperator, readLiteModel } from '../tflite/model.ts';
import { liteOperators } from '../tflite/operators.ts';

const lowerings = new Map(liteOperators.map((lowering) => [lowering.code, lowering]));

function readersOf({ operators }: LiteModel): Map<number, LiteOperator[]> {
  const readers = new Map<number, LiteOperator[]>();
  for (const operator of operators) {
    for (const input of new Set(operator.inputs)) {
      const list = readers.get(input) ?? [];
      list.push(operator);
      readers.set(input, list);
    }
  }
  return readers;
}

function onlyOne(what: string, list: readonly number[]): number {
  const [index] = list;
  if (index !== undefined && index >= 0 && list.length === 1) return index;
  return refuse(
    'TensorFlow Lite model',
    `it has ${list.length} ${what}s`,
    `export a model with one ${what}`,
  );
}

/** Where the result of an operator is found, unless it is no tensor of the accelerator's. */
function sourceOf(operator: LiteOperator, context: LiteContext): readonly Source[] {
  const value = context.values.get(operator.outputs[0] ?? -1);
  if (value?.kind !== 'map') return [];
  const { tensor } = value;
  return [{ index: operator.index, name: codeName(operator), tensor, channelsFirst: false }];
}

function read(bytes: Uint8Array, name: string): Imported {
  const model = readLiteModel(bytes);
  const inputIndex = onlyOne('input', model.inputs);
  const outputIndex = onlyOne('output', model.outputs);
  const input = model.tensors[inputIndex];
  if (input === undefined) throw new Error('an index that was checked is wrong');
  const context: LiteContext = {
    model,
    builder: createNetworkBuilder(name),
    budget: createBudget(bytes.byteLength),
    values: new Map([[inputIndex, { kind: 'raw', shape: shapeOf(input) }]]),
    host: [],
    notes: [],
    readers: readersOf(model),
    input: undefined,
  };
  const sources: Source[] = [];
  for (const operator of model.operators) {
    const lowering = lowerings.get(operator.code);
    if (lowering === undefined) {
      return refuse(
        subjectOf(operator, context),
        'this type of operator cannot be imported',
        'replace it or end the model before it; `autonba list operators` names what can be imported',
      );
    }
    lowering.lower(operator, context);
    sources.push(...sourceOf(operator, context));
  }
  const output = context.values.get(outputIndex);
  if (context.input === undefined || output === undefined || !('tensor' in output)) {
    return refuse(
      'TensorFlow Lite model',
      'its output does not depend on its input',
      'export a model whose output is computed from its input',
    );
  }
  const network = context.builder.build(context.input, output.tensor);
  const last = tensorOf(network, acceleratorOutput(network));
  const kept = new Set(network.tensors.map((tensor) => tensor.name));
  return {
    format: 'tflite',
    network,
    output: { scale: last.scale, zero: last.zeroPoint },
    host: context.host,
    sources: sources.filter(({ tensor }) => kept.has(tensor)),
    notes: context.notes,
  };
}

/** "TFL3" after the root's offset. */
function recognizes(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'TFL3';
}

export const tflite = {
  name: 'tflite',
  summary: 'TensorFlow Lite, full-integer quantization (int8; uint8 of the older scheme)',
  operators: liteOperators.map((lowering) => ({ name: lowering.name, summary: lowering.summary })),
  recognizes,
  read,
} satisfies Format;
