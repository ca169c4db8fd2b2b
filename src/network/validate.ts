// Is this network one that every later room may trust? Checked once, when it is read or made.

import { checkParameters } from './check-parameters.ts';
import { elementsOf, outputShape, rangeOf } from './geometry.ts';
import { inputsOf, type Network, type Operator, type Shape, type Tensor } from './network.ts';
import { refuse } from './refuse.ts';

/** Limits that keep a small hostile file from asking for much memory or time. */
export const networkLimits = {
  operators: 10_000,
  tensorElements: 2 ** 26,
  networkElements: 2 ** 28,
  axis: 65_535,
  padding: 255,
} as const;

const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,119}$/;

function checkName(kind: string, name: string): void {
  if (namePattern.test(name)) return;
  refuse(
    `${kind} name ${JSON.stringify(name.slice(0, 40))}`,
    'is not a plain name',
    'start with a letter and use only letters, digits, "_", "." and "-", at most 120',
  );
}

function checkWhole(subject: string, what: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  refuse(subject, `${what} is ${value}`, `give a whole number from ${low} to ${high}`);
}

function checkTensor(tensor: Tensor): void {
  checkName('tensor', tensor.name);
  const subject = `tensor "${tensor.name}"`;
  const axes = ['rows', 'columns', 'channels'] as const;
  axes.forEach((axis, index) => {
    checkWhole(subject, axis, tensor.shape[index] ?? 0, 1, networkLimits.axis);
  });
  if (elementsOf(tensor.shape) > networkLimits.tensorElements) {
    refuse(
      subject,
      `holds ${elementsOf(tensor.shape)} integers`,
      `keep a tensor within ${networkLimits.tensorElements}`,
    );
  }
  checkWhole(subject, 'bits', tensor.bits, 2, 16);
  const { low, high } = rangeOf(tensor);
  checkWhole(subject, 'zeroPoint', tensor.zeroPoint, low, high);
  if (!(tensor.scale > 0) || !Number.isFinite(tensor.scale)) {
    refuse(subject, `scale is ${tensor.scale}`, 'give a positive finite scale');
  }
}

function checkWindows(operator: Operator, subject: string): void {
  if (!('kernel' in operator)) return;
  const { kernel, stride, padding } = operator;
  for (const axis of [0, 1] as const) {
    checkWhole(subject, 'kernel', kernel[axis], 1, networkLimits.axis);
    checkWhole(subject, 'stride', stride[axis], 1, networkLimits.axis);
  }
  const pool = operator.kind === 'averagePool' || operator.kind === 'maxPool';
  for (const side of ['top', 'bottom', 'left', 'right'] as const) {
    // A pool ignores padding, so each of its windows must meet the map; a convolution's may lie outside.
    const extent = kernel[side === 'top' || side === 'bottom' ? 0 : 1];
    const limit = pool ? Math.min(networkLimits.padding, extent - 1) : networkLimits.padding;
    checkWhole(subject, `padding ${side}`, padding[side], 0, limit);
  }
}

function checkGroups(operator: Operator, subject: string, input: Shape, output: Shape): void {
  if (!('groups' in operator)) return;
  const channels = operator.kind === 'conv' ? [input[2], output[2]] : [input[2]];
  checkWhole(subject, 'groups', operator.groups, 1, input[2]);
  for (const count of channels) {
    if (count % operator.groups === 0) continue;
    refuse(
      subject,
      `${operator.groups} groups do not divide ${count} channels`,
      'choose groups that divide the channels',
    );
  }
}

function checkShapes(
  operator: Operator,
  subject: string,
  inputs: readonly Tensor[],
  output: Tensor,
) {
  for (const input of inputs) {
    const expected = outputShape(operator, input.shape, output.shape[2]);
    if (expected.every((size, axis) => size === output.shape[axis])) continue;
    const given = `[${output.shape.join(', ')}]`;
    if (expected.some((size) => size < 1)) {
      refuse(
        subject,
        'its kernel is larger than its padded input',
        'add padding or shrink the kernel',
      );
    }
    refuse(
      subject,
      `its output "${output.name}" is ${given}, but its input gives [${expected.join(', ')}]`,
      'correct the shape of one of the tensors, the kernel, stride or padding',
    );
  }
}

function checkClamp(operator: Operator, subject: string, output: Tensor): void {
  if (!('clamp' in operator)) return;
  const { low, high } = rangeOf(output);
  checkWhole(subject, 'clamp.low', operator.clamp.low, low, high);
  checkWhole(subject, 'clamp.high', operator.clamp.high, operator.clamp.low, high);
}

/** Pools and shuffles move stored integers, so both sides must mean the same numbers. */
function checkSameMeaning(
  operator: Operator,
  subject: string,
  input: Tensor,
  output: Tensor,
): void {
  const { kind } = operator;
  if (!['averagePool', 'maxPool', 'globalAveragePool', 'channelShuffle'].includes(kind)) return;
  if (input.scale !== output.scale || input.zeroPoint !== output.zeroPoint) {
    refuse(
      subject,
      'its output has another scale or zero point than its input, and it does not requantize',
      'give both tensors the same scale and zeroPoint',
    );
  }
  if (kind === 'channelShuffle' && (input.bits !== output.bits || input.signed !== output.signed)) {
    refuse(
      subject,
      'its output has another width or sign than its input',
      'give both tensors the same bits and signed',
    );
  }
}

function checkOperator(
  operator: Operator,
  tensors: ReadonlyMap<string, Tensor>,
  written: Map<string, Operator | undefined>,
): void {
  checkName('operator', operator.name);
  const subject = `operator "${operator.name}"`;
  const lookUp = (name: string): Tensor =>
    tensors.get(name) ??
    refuse(subject, `tensor "${name}" does not exist`, 'list it under tensors or correct the name');
  const inputs = inputsOf(operator).map(lookUp);
  const output = lookUp(operator.output);
  for (const { name } of inputs) {
    if (!written.has(name)) {
      refuse(
        subject,
        `it reads tensor "${name}" before anything writes it`,
        'list operators in execution order',
      );
    }
    if (written.get(name)?.kind === 'hostOnly' && operator.kind !== 'hostOnly') {
      refuse(
        subject,
        `it reads tensor "${name}", which the host computes`,
        'keep hostOnly operators at the end of the network',
      );
    }
  }
  if (written.has(output.name)) {
    refuse(
      subject,
      `tensor "${output.name}" is already written`,
      'give every operator its own output',
    );
  }
  checkWindows(operator, subject);
  for (const { shape } of inputs) checkGroups(operator, subject, shape, output.shape);
  checkShapes(operator, subject, inputs, output);
  checkClamp(operator, subject, output);
  for (const input of inputs) checkSameMeaning(operator, subject, input, output);
  checkParameters(operator, subject, inputs, output);
  written.set(output.name, operator);
}

/** Throws InvalidConfigError at the first thing wrong; a network that passes is safe for every later room. */
export function validateNetwork(network: Network): void {
  checkName('network', network.name);
  const subject = `network "${network.name}"`;
  checkWhole(subject, 'number of operators', network.operators.length, 1, networkLimits.operators);
  const tensors = new Map<string, Tensor>();
  for (const tensor of network.tensors) {
    checkTensor(tensor);
    if (tensors.has(tensor.name)) {
      refuse(`tensor "${tensor.name}"`, 'is listed twice', 'give every tensor its own name');
    }
    tensors.set(tensor.name, tensor);
  }
  const elements = network.tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  if (elements > networkLimits.networkElements) {
    refuse(
      subject,
      `its tensors hold ${elements} integers an image`,
      `keep them within ${networkLimits.networkElements} together`,
    );
  }
  for (const role of ['input', 'output'] as const) {
    if (tensors.has(network[role])) continue;
    refuse(subject, `its ${role} "${network[role]}" is no tensor`, 'name one of its tensors');
  }
  const names = new Set<string>();
  const written = new Map<string, Operator | undefined>([[network.input, undefined]]);
  for (const operator of network.operators) {
    checkOperator(operator, tensors, written);
    if (names.has(operator.name)) {
      refuse(`operator "${operator.name}"`, 'is listed twice', 'give every operator its own name');
    }
    names.add(operator.name);
  }
  checkUse(network, written);
}

/** Nothing idle. The output is then no input either: the last operator's output is read by none, so it is the one. */
function checkUse(network: Network, written: ReadonlyMap<string, Operator | undefined>): void {
  const read = new Set(network.operators.flatMap((operator) => inputsOf(operator)));
  for (const { name } of network.tensors) {
    if (!written.has(name)) {
      refuse(`tensor "${name}"`, 'is written by no operator', 'remove it or add its operator');
    }
    if (!read.has(name) && name !== network.output) {
      refuse(`tensor "${name}"`, 'is read by no operator', 'remove it and what computes only it');
    }
  }
}
