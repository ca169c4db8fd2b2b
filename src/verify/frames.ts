// Random arrays of which some properties are given: the netlists of the coverage test.

import { type Chunk, mostRegisters, type PipelineRegisters } from '../accelerator/accelerator.ts';
import { chunkProblems } from '../schedule/legality.ts';
import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import { type Assignment, factors, widthsOf } from './factors.ts';
import type { Shape } from './netlists.ts';

type FrameFactor = 'form' | 'multiplier' | 'pipeline' | 'port' | 'bus';

/** What a netlist fixes: its factors, its array's kind and its widths' classes. */
export type Frame = Pick<Assignment, FrameFactor | 'activations' | 'weights'> & {
  readonly kind: Chunk['kind'];
  readonly chip: 'none' | 'chip';
};

/** How often each rule was broken; rules that differ in names and sizes only are one. */
export class Rules {
  readonly #met = new Map<string, { readonly example: string; count: number }>();
  add(sentence: string): void {
    const rule = sentence.replace(/;.*|"[^"]*"|\d+/g, '');
    const entry = this.#met.get(rule) ?? { example: sentence, count: 0 };
    this.#met.set(rule, { ...entry, count: entry.count + 1 });
  }
  /** An example of the one that was broken most. */
  most(): string | undefined {
    return [...this.#met.values()].sort((x, y) => y.count - x.count)[0]?.example;
  }
}

function randomRegisters(rng: Rng): PipelineRegisters {
  const { rotation, adders, sums, requantizer } = mostRegisters;
  return {
    rotation: rng.integer(0, rotation),
    adders: rng.integer(0, adders),
    sums: rng.integer(0, sums),
    requantizer: rng.integer(1, requantizer),
  };
}

const MOST_LANES = 48;
const SHAPE_DRAWS = 200;

/** An array of a frame, drawn until it is legal, or the rule that its draws broke most. */
export function frameShape(rng: Rng, frame: Frame): Shape | string {
  const slotBits = defined(
    ([2, 4, 8, 16] as const)[factors.activations.indexOf(frame.activations)],
    'a slot',
  );
  const busBits = frame.bus === '32' ? 32 : 64;
  // Packed products come in pairs.
  const isPacked = frame.multiplier !== 'dsp1' && frame.multiplier !== 'lut';
  const rules = new Rules();
  for (let draw = 0; draw < SHAPE_DRAWS; draw++) {
    const outputs = rng.pick(isPacked ? [2, 4, 4, 8, 16] : [1, 2, 4, 4, 8, 8, 16]);
    const inputs =
      frame.kind === 'depthwise'
        ? 1
        : rng.pick([1, 2, 4, 4, 8, 16, 24].filter((count) => 2 * count * outputs <= MOST_LANES));
    const rows = rng.pick(
      (isPacked ? [2, 4] : [1, 2, 3, 4]).filter((count) => count * outputs * inputs <= MOST_LANES),
    );
    const shape: Shape = {
      kind: frame.kind,
      busBits,
      slotBits,
      weightBits: rng.pick(widthsOf(frame.weights)),
      rows,
      outputs,
      inputs,
      requantizers: rng.pick([1, 2, 4]),
      multiplier: frame.multiplier,
      form: frame.form,
      accumulatorBuffers: rng.pick([1, 2] as const),
      hasAdd: true,
      buffers: {
        input: rng.pick([512, 1024]),
        weights: rng.pick([1024, 2048]),
        parameters: 128,
        accumulators: rng.pick([128, 256]),
        operand: 256,
      },
      ...(frame.chip === 'chip' ? { chipWords: 16_384 } : {}),
      ...(frame.pipeline === 'none' ? {} : { pipeline: randomRegisters(rng) }),
    };
    const problems = chunkProblems({ ...shape, name: 'probe', order: 'overlapped' }, busBits);
    // An output beat of the chunk's own slot must be whole steps of its requantizers, or no layer could follow another.
    const writes = (busBits / slotBits) % shape.requantizers === 0;
    if (problems.length === 0 && writes) return shape;
    for (const problem of problems) rules.add(problem);
  }
  return rules.most() ?? 'no shape was found';
}
