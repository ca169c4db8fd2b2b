// What quantizers make of real numbers, and 16-bit integers where the model has none.

import { narrowBits } from '../weights.ts';
import {
  type Addition,
  type Integers,
  type ModelInput,
  type OnnxContext,
  refuseNode,
  type Step,
  type Sum,
  type View,
} from './context.ts';
import { emitAddition, emitSum, type Target } from './emit.ts';
import { asSum, realOf } from './sums.ts';

/** Rounding of halves to the even neighbour, as ONNX and numpy round. */
export function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/** A rounding of magnitudes, the sign kept. */
const mirrored =
  (round: (magnitude: number) => number) =>
  (value: number): number =>
    Math.sign(value) * round(Math.abs(value));

/** Roundings by the names that QONNX has for them, and how far they lie above rounding to nearest. */
const roundings: Readonly<Record<string, readonly [(value: number) => number, number]>> = {
  ROUND: [roundHalfEven, 0],
  HALF_EVEN: [roundHalfEven, 0],
  HALF_UP: [mirrored((magnitude) => Math.floor(magnitude + 0.5)), 0],
  HALF_DOWN: [mirrored((magnitude) => Math.ceil(magnitude - 0.5)), 0],
  FLOOR: [Math.floor, -0.5],
  CEIL: [Math.ceil, 0.5],
  // Away from zero and towards it: as CEIL and FLOOR where nothing is negative.
  UP: [mirrored(Math.ceil), 0.5],
  DOWN: [mirrored(Math.floor), -0.5],
  ROUND_TO_ZERO: [mirrored(Math.floor), -0.5],
};

/** The rounding of that name. */
export function roundingOf(step: Step, name: string): readonly [(value: number) => number, number] {
  return (
    roundings[name.toUpperCase()] ??
    refuseNode(
      step,
      `its rounding mode "${name}" is not supported`,
      `use one of ${Object.keys(roundings).join(', ')}`,
    )
  );
}

/** Integers of a width, as quantizers clamp to them. */
export interface Codes {
  readonly bits: number;
  readonly signed: boolean;
  readonly narrow: boolean;
}

/** Smallest and largest code. */
export function codeRange({ bits, signed, narrow }: Codes): { low: number; high: number } {
  if (!signed) return { low: 0, high: 2 ** bits - (narrow ? 2 : 1) };
  return { low: -(2 ** (bits - 1)) + (narrow ? 1 : 0), high: 2 ** (bits - 1) - 1 };
}

/** The target of a uniform quantizer. */
export function uniformTarget(
  step: Step,
  scale: number,
  zero: number,
  codes: Codes,
  rounding: string,
): Target {
  const { low, high } = codeRange(codes);
  const [round, lean] = roundingOf(step, rounding);
  if (!(scale > 0) || !Number.isFinite(scale) || !Number.isFinite(zero)) {
    refuseNode(step, `its scale is ${scale}`, 'use positive finite scales');
  }
  const { bits } = codes;
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    refuseNode(step, `it quantizes to ${bits} bits`, 'quantize activations to 1 to 16 bits');
  }
  return {
    scale,
    zero,
    low,
    high,
    bits: Math.max(2, bits),
    signed: codes.signed,
    // Clamped before it is rounded, as QONNX has it; with whole bounds the order does not matter.
    stored: (real) => round(Math.min(high, Math.max(low, real / scale + zero))),
    lean,
    rounding,
    freeZero: feedsSumsOnly(step),
  };
}

/** Plus or minus scale, by the sign: as 0 and 1 where zero may lie between them, else as -1 and 1. */
export function bipolarTarget(step: Step, scale: number): Target {
  if (!(scale > 0) || !Number.isFinite(scale)) {
    refuseNode(step, `its scale is ${scale}`, 'use positive finite scales');
  }
  const freeZero = feedsSumsOnly(step);
  const common = { bits: 2, lean: 0, rounding: 'SIGN', freeZero } as const;
  if (freeZero) {
    const stored = (real: number): number => (real >= 0 ? 1 : 0);
    return { ...common, scale: 2 * scale, zero: 0.5, low: 0, high: 1, signed: false, stored };
  }
  const stored = (real: number): number => (real >= 0 ? 1 : -1);
  return { ...common, scale, zero: 0, low: -1, high: 1, signed: true, stored };
}

const transparent = new Set([
  'Identity',
  'Dropout',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'MaxPool',
  'DequantizeLinear',
]);

/** Whether everything that reads the node's result is a weighted sum without padding. */
function feedsSumsOnly({ node, context }: Step): boolean {
  const waiting = [node.output[0] ?? ''];
  const seen = new Set(waiting);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const readers = context.readers.get(name) ?? [];
    if (context.outputs.has(name) || readers.length === 0) return false;
    for (const reader of readers) {
      const { opType, attribute, input, output } = reader;
      if (input[0] !== name) return false;
      const padded = attribute.some(
        (entry) =>
          (entry.name === 'pads' && entry.ints.some((amount) => amount !== 0)) ||
          (entry.name === 'auto_pad' && Buffer.from(entry.s).toString('latin1').startsWith('SAME')),
      );
      if (opType === 'MatMul' || opType === 'Gemm' || (opType === 'Conv' && !padded)) continue;
      const [next] = output;
      if (!transparent.has(opType) || next === undefined) return false;
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return true;
}

/** A value under the target's integers; quantizers that repeat each other share one operator. */
export function quantize(
  step: Step,
  value: ModelInput | Integers | Sum | Addition,
  target: Target,
): Integers {
  const { stored: _, ...numbers } = target;
  const key = JSON.stringify(numbers);
  const { written } = step.context;
  const known = written.get(value) ?? new Map<string, Integers>();
  written.set(value, known);
  const result = known.get(key) ?? writeQuantized(step, value, target);
  known.set(key, result);
  return result;
}

function writeQuantized(
  step: Step,
  value: ModelInput | Integers | Sum | Addition,
  target: Target,
): Integers {
  const { scale, zero } = target;
  switch (value.kind) {
    case 'input':
      return quantizeInput(step, value, target);
    case 'sum':
      return emitSum(step, value, target);
    case 'addition':
      return emitAddition(step, value, target);
    case 'integers': {
      const tensor = step.context.builder.tensor(value.tensor);
      const sameCodes =
        value.scale === scale &&
        value.zero === zero &&
        tensor.bits === target.bits &&
        tensor.signed === target.signed;
      if (sameCodes && value.padding === undefined) return value;
      if (value.padding !== undefined) {
        refuseNode(step, 'it quantizes padding', 'put padding right before a convolution');
      }
      return emitSum(step, asSum(value, step.context), target);
    }
  }
}

function quantizeInput(step: Step, value: ModelInput, target: Target): Integers {
  const { context } = step;
  if (context.input !== undefined) {
    refuseNode(step, "it quantizes the model's input a second time", 'quantize the input once');
  }
  const { scale, zero, bits, signed, low } = target;
  // Any stored zero will do where the meaning's own is none.
  const zeroPoint = Number.isInteger(zero) && zero >= low && zero <= target.high ? zero : low;
  const wanted = { name: 'input', shape: value.shape, bits, signed, scale, zeroPoint };
  context.input = context.builder.addTensor(wanted);
  context.host.push(...context.front);
  const { name, opType } = step.node;
  context.host.push({ index: step.index, name, operator: opType, place: 'before' });
  return {
    kind: 'integers',
    tensor: context.input,
    scale,
    zero,
    dims: value.dims,
    axes: value.axes,
  };
}

/** Stored integers of a value without a quantizer: fine steps of 16 bits, zero in their middle. */
export function materialize(step: Step, value: Integers | Sum | Addition): Integers {
  if (value.kind === 'integers') return value;
  const { context } = step;
  const known = context.written.get(value)?.get('16 bits');
  if (known !== undefined) return known;
  const extent = value.kind === 'sum' ? sumExtent(value, context) : additionExtent(value, context);
  const bits = 16;
  const scale = extent / 32_767;
  const target: Target = {
    scale: scale > 0 && Number.isFinite(scale) ? scale : 1,
    zero: 0,
    low: -32_767,
    high: 32_767,
    bits,
    signed: true,
    stored: (real) => Math.min(32_767, Math.max(-32_767, Math.round(real / scale))),
    lean: 0,
    rounding: 'HALF_UP',
    freeZero: false,
  };
  context.notes.push(
    `${step.node.name || step.node.opType}: a sum that no quantizer follows is kept as 16-bit integers`,
  );
  const result = quantize(step, value.kind === 'sum' ? finest(value) : value, target);
  context.written.set(value, (context.written.get(value) ?? new Map()).set('16 bits', result));
  return result;
}

/** Bounds of a sum in real numbers, over all channels. */
function sumExtent(sum: Sum, context: OnnxContext): number {
  const input = context.builder.tensor(sum.operator.input);
  const low = (input.signed ? -(2 ** (input.bits - 1)) : 0) - input.zeroPoint;
  const high = low + 2 ** input.bits - 1;
  const taps = sum.operator.weights.length / sum.gains.length;
  let extent = 0;
  sum.gains.forEach((_, channel) => {
    let least = 0;
    let most = 0;
    for (const weight of sum.operator.weights.subarray(channel * taps, (channel + 1) * taps)) {
      least += Math.min(weight * low, weight * high);
      most += Math.max(weight * low, weight * high);
    }
    const real = realOf(sum, channel);
    extent = Math.max(extent, Math.abs(real(least)), Math.abs(real(most)));
  });
  return extent;
}

function additionExtent({ operands, low, high }: Addition, context: OnnxContext): number {
  const extents = operands.map(
    ({ tensor, scale }) => scale * 2 ** context.builder.tensor(tensor).bits,
  );
  const most = extents.reduce((sum, extent) => sum + extent, 0);
  return Math.max(Math.abs(Math.max(low, -most)), Math.abs(Math.min(high, most)));
}

/** The same sum with weights `factor` times as large, so that biases have finer steps. */
function refined(sum: Sum, factor: number): Sum {
  const { operator } = sum;
  const weights = operator.weights.map((weight) => weight * factor);
  return {
    ...sum,
    operator: { ...operator, weights, weightBits: narrowBits(weights, 2) },
    gains: sum.gains.map((gain) => gain / factor),
  };
}

/** The sum in the finest steps that weights of eight bits allow. */
function finest(sum: Sum): Sum {
  const room = Math.min(3, Math.max(0, 8 - sum.operator.weightBits));
  return room === 0 ? sum : refined(sum, 2 ** room);
}

/** The sum itself where a step means the same in every channel, so that nothing is rounded; undefined elsewhere. */
export function emitPlainSum(step: Step, sum: Sum): Integers | undefined {
  for (const factor of [1, 2, 4]) {
    if (factor > 1 && sum.operator.weightBits + Math.log2(factor) > 8) return undefined;
    const plain = emitPlain(step, factor === 1 ? sum : refined(sum, factor));
    if (plain !== undefined) return plain;
  }
  return undefined;
}

function emitPlain(step: Step, sum: Sum): Integers | undefined {
  const [gain = 0] = sum.gains;
  const bounded = sum.low > -Infinity || sum.high < Infinity;
  if (bounded || !(gain > 0) || sum.pools.length > 0) return undefined;
  if (sum.gains.some((one) => Math.abs(one - gain) > 1e-9 * gain)) return undefined;
  // Offsets may differ by whole steps; what is left is the same for all and goes to the host.
  const steps = sum.offsets.map((offset) => offset / gain);
  const rest = (steps[0] ?? 0) - Math.round(steps[0] ?? 0);
  const whole = steps.map((offset) => Math.round(offset - rest));
  if (steps.some((offset, channel) => Math.abs(offset - rest - (whole[channel] ?? 0)) > 1e-6)) {
    return undefined;
  }
  const plain = { ...sum, offsets: whole.map((offset) => offset * gain) };
  const extent = Math.ceil(sumExtent(plain, step.context) / gain);
  if (!(extent <= 32_767)) return undefined;
  const bits = Math.max(2, Math.ceil(Math.log2(extent + 1)) + 1);
  const high = 2 ** (bits - 1) - 1;
  const target: Target = {
    scale: gain,
    zero: 0,
    low: -high,
    high,
    bits,
    signed: true,
    stored: (real) => Math.min(high, Math.max(-high, Math.round(real / gain))),
    lean: 0,
    rounding: 'HALF_UP',
    freeZero: false,
  };
  return { ...emitSum(step, plain, target), zero: -rest };
}

/** Whether a view has the same dims as another. */
export function sameDims(a: View, b: View): boolean {
  return a.dims.length === b.dims.length && a.dims.every((size, axis) => size === b.dims[axis]);
}
