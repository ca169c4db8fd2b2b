// Where a quantizer stands, a waiting sum becomes an operator of the network and its output a tensor.

import type { Clamp, HalfUpRequantization, Shape } from '../../network/network.ts';
import { narrowBits } from '../weights.ts';
import {
  type Addition,
  type Integers,
  nameOf,
  type OnnxContext,
  refuseNode,
  type Step,
  type Sum,
  type SumOperator,
} from './context.ts';
import {
  type ChannelFit,
  type ChannelGoal,
  exactFit,
  isExact,
  nearestFit,
  thresholdsOf,
} from './fit.ts';
import { mapShapeOf, realOf } from './sums.ts';

/** What a quantizer makes of real numbers: stored integers q meaning scale * (q - zero). */
export interface Target {
  readonly scale: number;
  readonly zero: number;
  readonly low: number;
  readonly high: number;
  readonly bits: number;
  readonly signed: boolean;
  /** Stored integer of a real number. */
  readonly stored: (real: number) => number;
  /** How far the rounding lies above rounding to nearest: -1/2 for the floor. */
  readonly lean: number;
  readonly rounding: string;
  /** Whether only sums without padding read it, so that its zero point can be chosen. */
  readonly freeZero: boolean;
}

/** More levels than these are rounded to nearest instead of fitted threshold by threshold. */
const fittedLevels = 64;
const factors = [1, 2, 4, 8];
const widestFitted = 8;
/** Steps of the output that a rounded bias may be off. */
const coarsestBias = 1 / 32;

/** Sums that one channel can reach. */
interface Reach {
  readonly least: number;
  readonly most: number;
}

function reachOf(operator: SumOperator, context: OnnxContext): readonly Reach[] {
  const { low, high } = rangeOfInput(operator, context);
  const channels = operator.shape[2];
  const taps = operator.weights.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    let positive = 0;
    let negative = 0;
    for (const weight of operator.weights.subarray(channel * taps, (channel + 1) * taps)) {
      if (weight > 0) positive += weight;
      else negative += weight;
    }
    return { least: positive * low + negative * high, most: positive * high + negative * low };
  });
}

/** Stored integers minus zero point that the operator can read. */
function rangeOfInput(operator: SumOperator, { builder }: OnnxContext): Clamp {
  const { bits, signed, zeroPoint } = builder.tensor(operator.input);
  const producer = builder.producer(operator.input);
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const range =
    producer !== undefined && 'clamp' in producer
      ? producer.clamp
      : { low, high: low + 2 ** bits - 1 };
  // Padding has the zero point's value.
  return {
    low: Math.min(range.low - zeroPoint, 0),
    high: Math.max(range.high - zeroPoint, 0),
  };
}

/** Channels with negative gains turned over, those without gain silenced. */
function rectify(sum: Sum): Sum {
  const { operator } = sum;
  const taps = operator.weights.length / operator.shape[2];
  const silent = sum.gains.map((gain, channel) =>
    Math.abs(sum.offsets[channel] ?? 0) > 2 ** 30 * Math.abs(gain) ? 1 : 0,
  );
  const weights = operator.weights.map((weight, index) => {
    const channel = Math.floor(index / taps);
    return silent[channel] === 1 ? 0 : weight * ((sum.gains[channel] ?? 0) < 0 ? -1 : 1);
  });
  return { ...sum, operator: { ...operator, weights } };
}

interface Choice {
  readonly zeroPoint: number;
  readonly factor: number;
  readonly fits: readonly ChannelFit[];
  /** Channels with a threshold that is off. */
  readonly inexact: number;
}

function goalsOf(sum: Sum, target: Target, clamp: Clamp, context: OnnxContext): ChannelGoal[] {
  return reachOf(sum.operator, context).map(({ least, most }, channel): ChannelGoal => {
    const offset = sum.offsets[channel] ?? 0;
    const given = Math.abs(sum.gains[channel] ?? 0);
    const isSilent = Math.abs(offset) > 2 ** 30 * given || given === 0;
    // A silent channel is its offset, in steps of 1/256 of the output's.
    const gain = isSilent ? target.scale / 256 : given;
    const real = realOf({ ...sum, gains: sum.gains.map(Math.abs) }, channel);
    const limited = Math.min(1e6, Math.max(-1e6, offset / target.scale));
    return {
      stored: (acc) => target.stored(real(acc)),
      gain: gain / target.scale,
      offset: (isSilent ? limited : offset / target.scale) + target.zero + target.lean,
      least,
      most,
      factor: 1,
      ...clamp,
    };
  });
}

/** The least factor that rounds biases to a small part of an output's step, with weights of up to eight bits. */
function fineFactor(goals: readonly ChannelGoal[], weightBits: number, zeroPoint: number): number {
  const errorOf = ({ gain, offset }: ChannelGoal, factor: number): number => {
    const bias = ((offset - zeroPoint) * factor) / gain;
    return (Math.abs(bias - Math.round(bias)) * gain) / factor;
  };
  const possible = factors.filter(
    (factor) => factor === 1 || weightBits + Math.log2(factor) <= widestFitted,
  );
  const fine = possible.find((factor) =>
    goals.every((goal) => errorOf(goal, factor) <= coarsestBias),
  );
  return fine ?? possible.at(-1) ?? 1;
}

function choose(
  goals: readonly ChannelGoal[],
  weightBits: number,
  zeroPoints: readonly number[],
): Choice {
  const [first = 0] = zeroPoints;
  const isFitted = goals.every(({ low, high }) => high - low <= fittedLevels);
  const thresholds = isFitted ? goals.map(thresholdsOf) : [];
  const attempt = (zeroPoint: number, factor: number): Choice => {
    let inexact = 0;
    const fits = goals.map((plain, channel) => {
      const goal = { ...plain, factor };
      const wanted = thresholds[channel];
      const nearest = nearestFit(goal, zeroPoint);
      if (wanted === undefined || isExact(nearest, goal, wanted, zeroPoint)) return nearest;
      const exact = exactFit(goal, wanted, zeroPoint);
      if (exact === undefined) inexact += 1;
      return exact ?? nearest;
    });
    return { zeroPoint, factor, fits, inexact };
  };
  if (!isFitted) return attempt(first, fineFactor(goals, weightBits, first));
  let best = attempt(first, 1);
  for (const factor of factors) {
    if (factor > 1 && weightBits + Math.log2(factor) > widestFitted) break;
    for (const zeroPoint of zeroPoints) {
      if (best.inexact === 0) return best;
      const next = attempt(zeroPoint, factor);
      if (next.inexact < best.inexact) best = next;
    }
  }
  return best;
}

/** Zero points to try: the meaning's own, then any where only sums without padding read the tensor. */
function zeroPointsOf(step: Step, target: Target): readonly number[] {
  const { zero, low, high } = target;
  const isStored = Number.isInteger(zero) && zero >= lowest(target) && zero <= highest(target);
  if (!isStored && !target.freeZero) {
    refuseNode(
      step,
      `its zero point ${zero} is not one of the integers it stores`,
      'use a zero point within the range of the quantized type',
    );
  }
  const own = isStored ? [zero] : [];
  if (!target.freeZero) return own;
  const count = Math.min(16, high - low + 1);
  const others = Array.from({ length: count }, (_, index) => low + index);
  return [...own, ...others.filter((candidate) => candidate !== zero)];
}

const lowest = ({ signed, bits }: Target): number => (signed ? -(2 ** (bits - 1)) : 0);
const highest = (target: Target): number => lowest(target) + 2 ** target.bits - 1;

function clampOf({ low, high }: { low: number; high: number }, target: Target): Clamp {
  const within = (real: number): number =>
    real === -Infinity ? target.low : real === Infinity ? target.high : target.stored(real);
  return { low: within(low), high: within(high) };
}

function addTensor(
  step: Step,
  shape: Shape,
  target: Target,
  zeroPoint: number,
  suffix = '',
): string {
  const { bits, signed, scale } = target;
  return step.context.builder.addTensor({
    name: `${nameOf(step)}${suffix}`,
    shape,
    bits,
    signed,
    scale,
    zeroPoint,
  });
}

/** Writes a waiting sum under the target's integers. */
export function emitSum(step: Step, given: Sum, target: Target): Integers {
  const { context } = step;
  const clamp = clampOf(given, target);
  const pooled = emitAverage(step, given, target, clamp);
  if (pooled !== undefined) return pooled;
  const sum = rectify(given);
  const { operator } = sum;
  const goals = goalsOf(sum, target, clamp, context);
  const { zeroPoint, factor, fits, inexact } = choose(
    goals,
    operator.weightBits,
    zeroPointsOf(step, target),
  );
  if (inexact > 0) {
    context.notes.push(
      `${nameOf(step)}: in ${inexact} of ${goals.length} channels a threshold is off by less than one sum`,
    );
  }
  if (fits.some(({ multiplier }) => !Number.isFinite(multiplier))) {
    refuseNode(step, 'its scales are no usable numbers', 'export the model with finite scales');
  }
  const requantization: HalfUpRequantization = {
    form: 'half-up',
    multipliers: fits.map(({ multiplier }) => multiplier),
    shifts: fits.map(({ shift }) => shift),
  };
  const weights = operator.weights.map((weight) => weight * factor);
  const common = {
    name: nameOf(step),
    input: operator.input,
    weightBits: narrowBits(weights, factor === 1 ? operator.weightBits : 2),
    clamp,
    parameters: { weights, bias: biasOf(fits), requantization },
  };
  const { kernel, stride, padding, groups } = operator;
  const window = { kernel, stride, padding };
  let tensor = addTensor(
    step,
    operator.shape,
    target,
    zeroPoint,
    sum.pools.length > 0 ? '_sum' : '',
  );
  const { kind } = operator;
  if (kind === 'fullyConnected') context.builder.addOperator({ kind, ...common, output: tensor });
  else if (kind === 'depthwiseConv')
    context.builder.addOperator({ kind, ...common, ...window, output: tensor });
  else context.builder.addOperator({ kind, ...common, ...window, groups, output: tensor });
  sum.pools.forEach((pool, index) => {
    const next = mapShapeOf({ ...sum, pools: sum.pools.slice(0, index + 1) }, context);
    const suffix = index + 1 < sum.pools.length ? `_max${index}` : '';
    const output = addTensor(step, next, target, zeroPoint, suffix);
    const name = `${nameOf(step)}_max`;
    context.builder.addOperator({ kind: 'maxPool', name, input: tensor, output, clamp, ...pool });
    tensor = output;
  });
  const { scale, zero } = target;
  return { kind: 'integers', tensor, scale, zero, dims: sum.dims, axes: sum.axes };
}

/** Biases within what 32-bit sums can take; more only saturates further. */
function biasOf(fits: readonly ChannelFit[]): Int32Array {
  const most = 2 ** 30;
  return Int32Array.from(fits, ({ bias }) => Math.min(most, Math.max(-most, bias)));
}

/** An average in its input's own scale is a pool; the rounding of ties is the pool's. */
function emitAverage(
  step: Step,
  { averageOf, dims, axes, pools, operator }: Sum,
  target: Target,
  clamp: Clamp,
): Integers | undefined {
  if (averageOf === undefined || pools.length > 0 || target.lean !== 0) return undefined;
  const { builder } = step.context;
  const source = builder.tensor(averageOf.tensor);
  const { scale, zero } = target;
  const sameMeaning =
    averageOf.scale === scale &&
    averageOf.zero === zero &&
    source.zeroPoint === zero &&
    source.scale === scale;
  if (!sameMeaning) return undefined;
  const output = addTensor(step, operator.shape, target, zero);
  const common = { name: nameOf(step), input: source.name, output, clamp };
  builder.addOperator(
    averageOf.isGlobal
      ? { kind: 'globalAveragePool', ...common }
      : { kind: 'averagePool', ...common, ...averageOf.window },
  );
  return { kind: 'integers', tensor: output, scale, zero, dims, axes };
}

/** Writes a waiting addition under the target's integers. */
export function emitAddition(step: Step, value: Addition, target: Target): Integers {
  const { builder } = step.context;
  const [a, b] = value.operands;
  for (const operand of value.operands) {
    if (builder.tensor(operand.tensor).zeroPoint === operand.zero) continue;
    refuseNode(
      step,
      `it adds "${operand.tensor}", whose zero ${operand.zero} is not a stored integer`,
      'quantize both operands of an addition with their own zero point',
    );
  }
  const [zeroPoint = 0] = zeroPointsOf(step, { ...target, freeZero: false });
  const [gainA, gainB] = [a.scale / target.scale, b.scale / target.scale];
  const largest = Math.max(gainA, gainB);
  const shift = Math.min(47, Math.max(1, Math.floor(Math.log2(65_535 / largest))));
  const multiplier = (gain: number): number => Math.min(65_535, Math.round(gain * 2 ** shift));
  const [multiplierA, multiplierB] = [multiplier(gainA), multiplier(gainB)];
  const output = addTensor(step, builder.tensor(a.tensor).shape, target, zeroPoint);
  builder.addOperator({
    kind: 'add',
    name: nameOf(step),
    inputs: [a.tensor, b.tensor],
    output,
    clamp: clampOf(value, target),
    requantization: { form: 'half-up', multiplierA, multiplierB, shift },
  });
  const { scale, zero } = target;
  return { kind: 'integers', tensor: output, scale, zero, dims: value.dims, axes: value.axes };
}
