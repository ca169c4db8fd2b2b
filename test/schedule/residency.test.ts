import { expect, test } from 'vitest';
import type { Accelerator } from '../../src/accelerator/accelerator.ts';
import { formLayers } from '../../src/accelerator/layers.ts';
import { layerDelays } from '../../src/cost/design.ts';
import { mostOnChip } from '../../src/explore/residency.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { chipUses } from '../../src/schedule/residency.ts';

/** `late` adds what `early` left to what comes through `other`, which may run on another chunk. */
function twoPaths() {
  const net = new NetworkBuilder('paths', [8, 8, 8]);
  const early = net.conv('early', 8, { kernel: 1 }, 'image');
  const other = net.depthwise('other', { kernel: 3, padding: 'same' }, 'image');
  const late = net.conv('late', 8, { kernel: 1 }, other);
  net.add('sum', late, early, false);
  const formed = formLayers(net.build());
  if (!formed.ok) throw new Error(formed.reason);
  return formed.layers;
}

function problemsOf(chunkOf: readonly number[], onChip: string): readonly string[] {
  const layers = twoPaths();
  const placements = layers.map((layer, l) => ({
    layer: layer.name,
    chunk: chunkOf[l] ?? 0,
    tile: { rows: 1, columns: 1, outputs: 8, inputs: 8 },
    ...(layer.name === onChip ? ({ output: 'chip' } as const) : {}),
  }));
  const accelerator: Accelerator = { busBits: 64, chunks: [], placements };
  return chipUses(layers, accelerator, layerDelays(layers, placements)).problems;
}

test('a map stays on chip only for layers of its chunk and of its image', () => {
  expect(problemsOf([0, 0, 0], 'early')).toEqual([]);
  expect(problemsOf([0, 1, 0], 'early')).toMatchInlineSnapshot(`
    [
      "layer "early": its output cannot stay on chip, layer "late" reads it when the next image's has taken its place",
    ]
  `);
  expect(problemsOf([0, 1, 0], 'other')).toMatchInlineSnapshot(`
    [
      "layer "other": its output cannot stay on chip, layer "late" of another chunk reads it",
    ]
  `);
  expect(problemsOf([0, 0, 0], 'late')).toMatchInlineSnapshot(`
    [
      "layer "late": nothing on its chunk reads its output, so it must leave the chip",
    ]
  `);
});

test('what exploration keeps on chip is just what a chunk accepts there', () => {
  const layers = twoPaths();
  for (const chunkOf of [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]) {
    const partition = [0, 1].map((chunk) =>
      layers.flatMap((_, l) => (chunkOf[l] === chunk ? [l] : [])),
    );
    const most = mostOnChip(layers, partition);
    layers.forEach((layer, l) => {
      expect(most[l]?.output).toBe(problemsOf(chunkOf, layer.name).length === 0);
    });
  }
});
