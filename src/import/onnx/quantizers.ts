// Quant, BipolarQuant and Trunc of QONNX, QuantizeLinear and DequantizeLinear of ONNX.

import { dataTypes } from './constants.ts';
import {
  constantOperand,
  type Integers,
  integer,
  numberOperand,
  type OnnxValue,
  operand,
  optionalConstant,
  optionalOperand,
  refuseNode,
  type Step,
  setResult,
  text,
} from './context.ts';
import type { Target } from './emit.ts';
import { widthOf } from './fold.ts';
import {
  bipolarTarget,
  codeRange,
  quantize,
  roundHalfEven,
  roundingOf,
  uniformTarget,
} from './targets.ts';

/** Something that a quantizer can stand on. */
export function quantizable(
  step: Step,
  place: number,
): Exclude<OnnxValue, { kind: 'constant' | 'host' }> {
  const value = operand(step, place);
  if (value.kind !== 'constant' && value.kind !== 'host') return value;
  return refuseNode(
    step,
    'it quantizes a constant or a result of the host',
    'export the model again',
  );
}

/** Remembers a tensor as the result of the node, for comparisons with other implementations. */
export function setIntegers(step: Step, value: Integers): void {
  const { context, node, index } = step;
  const name = node.name === '' ? node.opType : node.name;
  const channelsFirst = value.dims.length > 2;
  context.sources.push({ index, name, tensor: value.tensor, channelsFirst });
  setResult(step, value);
}

/** Quant and IntQuant on activations. */
export function lowerQuant(step: Step): void {
  const value = quantizable(step, 0);
  const scale = numberOperand(step, 1);
  const bits = numberOperand(step, 3);
  const signed = integer(step, 'signed', 1) !== 0;
  const narrow = integer(step, 'narrow', 1) !== 0;
  const target =
    bits === 1 && signed
      ? bipolarTarget(step, scale)
      : uniformTarget(
          step,
          scale,
          numberOperand(step, 2),
          { bits, signed, narrow },
          text(step, 'rounding_mode', 'ROUND'),
        );
  setIntegers(step, quantize(step, value, target));
}

/** BipolarQuant on activations. */
export function lowerBipolar(step: Step): void {
  const value = quantizable(step, 0);
  setIntegers(step, quantize(step, value, bipolarTarget(step, numberOperand(step, 1))));
}

/**
 * Trunc: the integers of the input lose their lower bits. Of four or five inputs the last is the width that is left, and
 * the scale stays; of seven the scale of the output is given.
 */
export function lowerTrunc(step: Step): void {
  const value = quantizable(step, 0);
  const scale = numberOperand(step, 1);
  const zero = numberOperand(step, 2);
  const widthBefore = numberOperand(step, 3);
  const isNewer = step.node.input.length >= 7;
  const width = numberOperand(step, isNewer ? 6 : 4);
  const scaleAfter = isNewer ? numberOperand(step, 4) : scale;
  const divisor = isNewer
    ? 2 ** Math.round(Math.log2(scaleAfter / scale))
    : 2 ** (widthBefore - width);
  const [round, lean] = roundingOf(step, text(step, 'rounding_mode', 'FLOOR'));
  if (!Number.isInteger(width) || width < 1 || width > 16 || !(scale > 0) || zero !== 0) {
    refuseNode(
      step,
      `it leaves ${width} bits with scale ${scale} and zero point ${zero}`,
      'use 1 to 16 bits, a positive scale and zero point 0',
    );
  }
  const reachesBelow =
    value.kind === 'sum' && value.low < 0 && isSigned(value.operator.input, step);
  const signed = isNewer ? integer(step, 'signed', 1) !== 0 : reachesBelow;
  const { low, high } = codeRange({
    bits: width,
    signed,
    narrow: integer(step, 'narrow', 0) !== 0,
  });
  // With halves of the input's rounding far below a step of the output, only the output's rounding leans.
  const base = uniformTarget(
    step,
    scale * divisor,
    0,
    { bits: width, signed, narrow: false },
    'ROUND',
  );
  const target: Target = {
    ...base,
    low,
    high,
    rounding: `TRUNC ${scale} ${divisor} ${lean}`,
    lean: lean + (lean === 0 ? 0 : 0.5 / divisor),
    stored: (real) => Math.min(high, Math.max(low, round(roundHalfEven(real / scale) / divisor))),
  };
  const truncated = quantize(step, value, target);
  // The older definition keeps the scale, which divides the values.
  setIntegers(step, isNewer ? truncated : { ...truncated, scale });
}

function isSigned(tensor: string, { context }: Step): boolean {
  return context.builder.tensor(tensor).signed;
}

/** QuantizeLinear on activations. */
export function lowerQuantizeLinear(step: Step): void {
  const value = quantizable(step, 0);
  const zero = optionalConstant(step, 2);
  const outputType = integer(step, 'output_dtype', dataTypes.uint8);
  const target = linearTarget(step, 1, 2, zero?.elementType ?? outputType);
  setIntegers(step, quantize(step, value, target));
}

/** The target of a scale and a zero point among the node's inputs. */
export function linearTarget(
  step: Step,
  scalePlace: number,
  zeroPlace: number,
  elementType: number | undefined,
): Target {
  const width =
    widthOf(elementType) ??
    refuseNode(step, `it quantizes to type ${elementType}`, 'use integers of 4, 8 or 16 bits');
  const zero = optionalOperand(step, zeroPlace) === undefined ? 0 : numberOperand(step, zeroPlace);
  const scale = numberOperand(step, scalePlace);
  return uniformTarget(step, scale, zero, { ...width, narrow: false }, 'ROUND');
}

/** DequantizeLinear: the integers are already known by their scale; an input of integers gets it here. */
export function lowerDequantizeLinear(step: Step): void {
  setResult(step, dequantized(step, 0, 1, 2));
}

/** Stored integers under a scale and zero point among the node's inputs. */
export function dequantized(
  step: Step,
  place: number,
  scalePlace: number,
  zeroPlace: number,
): Integers {
  const value = quantizable(step, place);
  const scale = numberOperand(step, scalePlace);
  const zero = optionalOperand(step, zeroPlace) === undefined ? 0 : numberOperand(step, zeroPlace);
  if (!(scale > 0) || !Number.isFinite(scale)) {
    refuseNode(step, `its scale is ${scale}`, 'use positive finite scales');
  }
  if (value.kind === 'input') {
    const { context } = step;
    const key = `integers ${scale} ${zero}`;
    const known = context.written.get(value)?.get(key);
    if (known !== undefined) return known;
    const width =
      widthOf(value.elementType) ??
      refuseNode(step, 'it reads an input that is not of integers', 'quantize the input first');
    if (context.front.length > 0 || context.input !== undefined) {
      refuseNode(step, 'it is not the first to read the input', 'read the input once');
    }
    context.input = context.builder.addTensor({
      name: 'input',
      shape: value.shape,
      ...width,
      scale,
      zeroPoint: zero,
    });
    const { dims, axes } = value;
    const integers: Integers = { kind: 'integers', tensor: context.input, scale, zero, dims, axes };
    context.written.set(value, new Map([[key, integers]]));
    return integers;
  }
  if (value.kind !== 'integers') {
    return refuseNode(step, 'it reads real numbers', 'put QuantizeLinear before it');
  }
  // The integers are the model's own only where nothing has moved their zero.
  const isSame = value.scale === scale && value.zero === zero;
  const { zeroPoint } = step.context.builder.tensor(value.tensor);
  if (isSame || value.zero === zeroPoint) return { ...value, scale, zero };
  return refuseNode(
    step,
    'its scale is not the one of its quantizer',
    'use the same scale on both sides',
  );
}

/** A bias of whole numbers in units of both scales, as QLinearConv has it, in real numbers. */
export function integerBias(step: Step, place: number, units: Float64Array) {
  if (optionalOperand(step, place) === undefined) return undefined;
  const { dims, values } = constantOperand(step, place);
  return {
    dims,
    values: values.map((entry, channel) => entry * (units[channel] ?? units[0] ?? 0)),
  };
}
