import { expect, test } from 'vitest';
import { multiplierStyles } from '../../src/accelerator/multipliers.ts';
import { type ChunkFrame, leastChunk, legalArrays } from '../../src/explore/chunk-frame.ts';
import { defaultSpace } from '../../src/explore/space.ts';
import { chunkProblems } from '../../src/schedule/legality.ts';

const frames = (['standard', 'depthwise'] as const).flatMap((kind) =>
  (['half-up', 'tflite'] as const).flatMap((form) =>
    ([2, 4, 8, 16] as const).map(
      (slotBits): ChunkFrame => ({ kind, slotBits, weightBits: slotBits, hasAdd: true, form }),
    ),
  ),
);

test.each([32, 64] as const)(
  'arrays on a bus of %i bits are legal where no rule is broken',
  (busBits) => {
    let [legalCount, count] = [0, 0];
    for (const frame of frames) {
      const styles = multiplierStyles(frame.kind, frame.slotBits, frame.weightBits);
      const legal = legalArrays(defaultSpace, busBits, frame, styles);
      let at = 0;
      defaultSpace.rows.forEach((_, rows) => {
        defaultSpace.outputs.forEach((_, outputs) => {
          for (
            let inputs = 0;
            inputs < (frame.kind === 'depthwise' ? 1 : defaultSpace.inputs.length);
            inputs++
          )
            defaultSpace.requantizers.forEach((_, q) => {
              for (const style of styles) {
                const chunk = leastChunk(defaultSpace, frame, { rows, outputs, inputs }, q, style);
                const isLegal = chunkProblems(chunk, busBits).length === 0;
                if (legal[at++] !== (isLegal ? 1 : 0)) expect(chunk).toBe(isLegal);
                count++;
                if (isLegal) legalCount++;
              }
            });
        });
      });
      expect(legal.length).toBe(at);
    }
    expect(legalCount).toBeGreaterThan(count / 10);
    expect(legalCount).toBeLessThan(count);
  },
);
