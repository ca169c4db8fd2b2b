import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Layer } from '../../src/accelerator/layers.ts';
import { inputView, isContiguous } from '../../src/schedule/input-view.ts';

test('beats that are read as one run lie side by side', () => {
  const size = fc.integer({ min: 1, max: 5 });
  const pair = fc.tuple(size, size);
  fc.assert(
    fc.property(pair, pair, fc.constantFrom(1, 3), fc.boolean(), (map, stride, tap, isOnChip) => {
      const layer = { inputShape: [...map, 8], kernel: [tap, tap], stride } as unknown as Layer;
      const view = inputView(layer, isOnChip);
      // The commands merge contiguous rows and planes into one run, whatever columnBeats says.
      if (isContiguous(view)) expect(view.columnBeats).toBe(1);
    }),
    { numRuns: 500 },
  );
});
