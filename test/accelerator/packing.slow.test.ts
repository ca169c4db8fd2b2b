// Every packing over every value of its operands: the products that come out are the products.

import { expect, test } from 'vitest';
import type { ChunkKind, MultiplierStyle } from '../../src/accelerator/accelerator.ts';
import { factorBits, packingOf } from '../../src/accelerator/multipliers.ts';
import { defined } from '../../src/util/errors.ts';
import { packed } from './packed.ts';

/** Fits signed bits. */
const fits = (value: number, bits: number): boolean =>
  value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);

/**
 * Multiplies every block of operands as nba_multipliers does and takes the fields apart again. Activations go over the
 * values of both signed and unsigned slots, weights over all their bits.
 * @returns the blocks tried, or a sentence on the first that is wrong
 */
function provePacking(
  style: MultiplierStyle,
  kind: ChunkKind,
  slotBits: number,
  weightBits: number,
): number | string {
  const packing = defined(packingOf(style, kind), 'packing');
  const bits = factorBits(packing, slotBits, weightBits);
  const field = 2 ** (slotBits + weightBits);
  const fields = packing.rows * packing.outputs;
  let half = 0;
  for (let f = 0; f < fields - 1; f++) half += (field / 2) * field ** f;
  const rowStep = field ** packing.outputs;
  const [lowX, highX] = [-(2 ** (slotBits - 1)), 2 ** slotBits - 1];
  const [lowW, highW] = [-(2 ** (weightBits - 1)), 2 ** (weightBits - 1) - 1];
  const [lastX, lastW] = [packing.rows === 2 ? highX : lowX, packing.outputs === 2 ? highW : lowW];
  let count = 0;
  for (let x0 = lowX; x0 <= highX; x0++)
    for (let x1 = lowX; x1 <= lastX; x1++) {
      const left = packing.rows === 2 ? x0 + x1 * rowStep : x0;
      if (!fits(left, bits.activation)) return `activations ${x0}, ${x1} need more bits`;
      for (let w0 = lowW; w0 <= highW; w0++)
        for (let w1 = lowW; w1 <= lastW; w1++) {
          const right = packing.outputs === 2 ? w0 + w1 * field : w0;
          if (!fits(right, bits.weight)) return `weights ${w0}, ${w1} need more bits`;
          // At most 48 bits: exact in double precision.
          let rest = left * right + half;
          for (let f = 0; f < fields; f++) {
            const isLast = f === fields - 1;
            const above = Math.floor(rest / field);
            const product = isLast ? rest : rest - above * field - field / 2;
            const x = f < packing.outputs ? x0 : x1;
            const w = f % packing.outputs === 0 ? w0 : w1;
            if (product !== x * w) return `${x0}, ${x1} by ${w0}, ${w1}: field ${f} is ${product}`;
            rest = above;
          }
          count++;
        }
    }
  return count;
}

test.each(packed)(
  '$style, $kind, $slotBits-bit slots, $weightBits-bit weights: every product comes out',
  ({ style, kind, slotBits, weightBits }) => {
    const packing = defined(packingOf(style, kind), 'packing');
    const activations = (3 * 2 ** (slotBits - 1)) ** packing.rows;
    expect(provePacking(style, kind, slotBits, weightBits)).toBe(
      activations * (2 ** weightBits) ** packing.outputs,
    );
  },
);
