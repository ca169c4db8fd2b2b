import { expect, test } from 'vitest';
import type { Accelerator, Chunk, SlotBits } from '../../src/accelerator/accelerator.ts';
import { formLayers } from '../../src/accelerator/layers.ts';
import { smallestSlot, tensorSlots } from '../../src/schedule/slots.ts';
import { tiny } from '../network/tiny.ts';

const formed = formLayers(tiny);
const layers = formed.ok ? formed.layers : [];

/** An accelerator of which only slots and placements matter here. */
function slotsOf(chunkSlots: readonly SlotBits[], placements: readonly number[]) {
  const accelerator: Accelerator = {
    busBits: 64,
    chunks: chunkSlots.map((slotBits) => ({ slotBits }) as Chunk),
    placements: placements.map((chunk, l) => ({
      layer: layers[l]?.name ?? '',
      chunk,
      tile: { rows: 1, columns: 1, outputs: 1, inputs: 1 },
    })),
  };
  const result = tensorSlots(tiny, layers, accelerator);
  return result.ok ? Object.fromEntries(result.slots) : result.reason;
}

test('the smallest slot is the smallest power of two that holds the bits', () => {
  for (let bits = 2; bits <= 16; bits++) {
    const slot = smallestSlot(bits);
    expect(slot).toBeGreaterThanOrEqual(bits);
    expect(slot === 2 || slot / 2 < bits).toBe(true);
  }
});

test('a tensor lies as its reader wants it; what no array reads lies as narrow as it can', () => {
  expect(slotsOf([8, 16], [0, 1, 0])).toEqual({ image: 8, sum: 16, mean: 8, scores: 8 });
});

test('a layer without a chunk is named', () => {
  expect(slotsOf([8], [0, 1, 0])).toBe('layer "pool" has no chunk');
});

test('two chunks that want a tensor in different slots are both named', () => {
  const reader = layers[1];
  if (reader === undefined) throw new Error('tiny has three layers');
  const again = { ...reader, name: 'again', input: layers[0]?.input ?? reader.input };
  const accelerator = {
    busBits: 64 as const,
    chunks: [{ slotBits: 8 } as Chunk, { slotBits: 16 } as Chunk],
    placements: [0, 1].map((chunk) => ({
      layer: 'x',
      chunk,
      tile: { rows: 1, columns: 1, outputs: 1, inputs: 1 },
    })),
  };
  const result = tensorSlots(tiny, [layers[0] ?? reader, again], accelerator);
  expect(result).toEqual({
    ok: false,
    reason: 'tensor "image" is read in 8-bit slots by "conv" and in 16-bit slots by "again"',
  });
});
