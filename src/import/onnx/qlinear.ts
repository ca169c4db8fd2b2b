// Operators that carry their quantizers with them: QLinearConv, QLinearMatMul and the runtime's own relatives.

import {
  constantOperand,
  integer,
  type OnnxValue,
  optionalOperand,
  type Step,
  type Sum,
} from './context.ts';
import { lowerAdd } from './elementwise.ts';
import { foldDequantizeLinear } from './fold.ts';
import type { lowerAveragePool, lowerGlobalAverage } from './pools.ts';
import { dequantized, integerBias, linearTarget, quantizable, setIntegers } from './quantizers.ts';
import { quantize } from './targets.ts';
import { lowerConv, lowerGemm, lowerMatMul } from './weighted.ts';

/** The same node on other inputs, its result under a name of its own. */
function derived(step: Step, inputs: readonly (OnnxValue | undefined)[]): Step {
  const { context, index, node } = step;
  const name = (place: number): string => `\u0000${index}.${place}`;
  const input = inputs.map((value, place) => {
    if (value === undefined) return '';
    context.values.set(name(place), value);
    return name(place);
  });
  return { ...step, node: { ...node, input, output: [name(inputs.length)] } };
}

/** What a derived node came to. */
function resultOf(step: Step): OnnxValue | undefined {
  return step.context.values.get(step.node.output[0] ?? '');
}

/** Weights among the inputs with scale and zero point after them, as real numbers. */
function weightsAt(step: Step, place: number, axis: number): OnnxValue {
  const zero = optionalOperand(step, place + 2);
  const inputs = [
    constantOperand(step, place),
    constantOperand(step, place + 1),
    zero === undefined ? undefined : constantOperand(step, place + 2),
  ];
  const attribute = {
    name: 'axis',
    i: axis,
    f: 0,
    s: new Uint8Array(),
    t: null,
    floats: [],
    ints: [],
  };
  const node = { ...step.node, attribute: [attribute] };
  return { kind: 'constant', constant: foldDequantizeLinear({ ...step, node }, inputs) };
}

/** The integer type of the output is that of its zero point. */
function finish(step: Step, sum: OnnxValue | undefined, scalePlace: number): void {
  const zero = optionalOperand(step, scalePlace + 1);
  const type = zero?.kind === 'constant' ? zero.constant.elementType : undefined;
  const target = linearTarget(step, scalePlace, scalePlace + 1, type);
  const inner = derived(step, [sum]);
  setIntegers(step, quantize(step, quantizable(inner, 0), target));
}

function biasOf(step: Step, place: number, sum: Sum): OnnxValue | undefined {
  const constant = integerBias(step, place, sum.gains);
  return constant && { kind: 'constant', constant };
}

/** QLinearConv. */
export function lowerQLinearConv(step: Step): void {
  const input = dequantized(step, 0, 1, 2);
  const weights = weightsAt(step, 3, 0);
  const plain = lowerConv(derived(step, [input, weights]));
  const bias = biasOf(step, 8, plain);
  finish(step, bias === undefined ? plain : lowerConv(derived(step, [input, weights, bias])), 6);
}

/** QLinearMatMul. */
export function lowerQLinearMatMul(step: Step): void {
  const input = dequantized(step, 0, 1, 2);
  finish(step, lowerMatMul(derived(step, [input, weightsAt(step, 3, 1)])), 6);
}

/** QGemm. */
export function lowerQGemm(step: Step): void {
  const input = dequantized(step, 0, 1, 2);
  const axis = integer(step, 'transB', 0) === 0 ? 1 : 0;
  const weights = weightsAt(step, 3, axis);
  const plain = lowerGemm(derived(step, [input, weights]));
  const bias = biasOf(step, 6, plain);
  finish(step, bias === undefined ? plain : lowerGemm(derived(step, [input, weights, bias])), 7);
}

/** QLinearAdd. */
export function lowerQLinearAdd(step: Step): void {
  const inner = derived(step, [dequantized(step, 0, 1, 2), dequantized(step, 3, 4, 5)]);
  lowerAdd(1)(inner);
  finish(step, resultOf(inner), 6);
}

/** QLinearAveragePool and QLinearGlobalAveragePool. */
export function lowerQLinearPool(lower: typeof lowerAveragePool | typeof lowerGlobalAverage) {
  return (step: Step): void => {
    const inner = derived(step, [dequantized(step, 0, 1, 2)]);
    lower(inner);
    finish(step, resultOf(inner), 3);
  };
}
