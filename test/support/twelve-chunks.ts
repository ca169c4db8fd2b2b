// Twelve chunks, two maps x standard and depthwise x 4, 6 and 8 bits, on four ports: the paper's demo in small.

import type { Accelerator, Chunk, Placement } from '../../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import { type Design, planDesign } from '../../src/cost/design.ts';
import { type Network, type Operator, tensorOf } from '../../src/network/network.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { randomDefaults } from '../../src/network/random-limits.ts';
import { randomParameters } from '../../src/network/random-weights.ts';
import { tensorSlots } from '../../src/schedule/slots.ts';
import { tileProblems } from '../../src/schedule/tile-legality.ts';
import { defined } from '../../src/util/errors.ts';
import { createRng, type Rng } from '../../src/util/rng.ts';

const BUS_BITS = 64;
const bitsOfStage = [4, 6, 8, 8, 6, 4] as const;

/** A stem and six blocks: expand, depthwise, project; the fourth halves the map. */
function network(rng: Rng): Network {
  const widths = (block: number, weights: number) => ({
    activationBits: bitsOfStage[block] ?? 8,
    weightBits: bitsOfStage[weights] ?? 8,
  });
  const net = new NetworkBuilder('twelve-chunks', [16, 16, 8], widths(0, 0));
  bitsOfStage.forEach((_, block) => {
    const name = `block${block}`;
    net.setWidths(widths(block, block));
    net.conv(`${name}_expand`, 32, { kernel: 1 });
    net.depthwise(`${name}_depthwise`, {
      kernel: 3,
      stride: block === 2 ? 2 : 1,
      padding: 'same',
    });
    net.setWidths(widths(Math.min(block + 1, 5), block));
    net.conv(`${name}_project`, 16, { kernel: 1, rectified: false });
  });
  const bare = net.build();
  const limits = { ...randomDefaults, forms: ['half-up'] as const };
  const operators = bare.operators.map((operator): Operator => {
    if (operator.kind !== 'conv' && operator.kind !== 'depthwiseConv')
      throw new Error(`no weights for a ${operator.kind}`);
    const [input, output] = [tensorOf(bare, operator.input), tensorOf(bare, operator.output)];
    const products = operator.kind === 'conv' ? input.shape[2] : 1;
    const sizes = {
      channels: output.shape[2],
      taps: operator.kernel[0] * operator.kernel[1] * products,
      weightBits: operator.weightBits,
    };
    const parameters = randomParameters(rng, limits, sizes, input, output, 'double');
    return { ...operator, parameters };
  });
  return { ...bare, operators };
}

const kinds = ['standard', 'depthwise'] as const;

/** Chunk of a map (0 large, 1 small), kind and width; ports go round. */
const chunks: readonly Chunk[] = [0, 1].flatMap((map) =>
  kinds.flatMap((kind, k) =>
    ([4, 6, 8] as const).map(
      (bits, b): Chunk => ({
        name: `${kind}_${map}_q${bits}`,
        kind,
        rows: 2,
        outputs: kind === 'standard' ? 8 : 4,
        inputs: kind === 'standard' ? 4 : 1,
        slotBits: bits === 4 ? 4 : 8,
        weightBits: bits,
        requantizers: 4,
        multiplier: bits === 4 ? 'lut' : 'dsp1',
        order: 'overlapped',
        accumulatorBuffers: 2,
        hasAdd: false,
        buffers: { input: 512, weights: 256, parameters: 32, accumulators: 512, operand: 0 },
        port: (map * 6 + k * 3 + b) % 4,
      }),
    ),
  ),
);

function chunkOf(layer: Layer): number {
  const block = Number(/\d/.exec(layer.name)?.[0]);
  const bits = defined(bitsOfStage[block], 'a block');
  const name = `${layer.kind}_${block < 3 ? 0 : 1}_q${bits}`;
  return chunks.findIndex((chunk) => chunk.name === name);
}

/** The design; the same each time. */
export function twelveChunks(): Design {
  const built = network(createRng(12));
  const formed = formLayers(built);
  if (!formed.ok) throw new Error(formed.reason);
  const { layers } = formed;
  const placed = layers.map((layer) => ({ layer, chunk: chunkOf(layer) }));
  const frame = (tiles: readonly Placement['tile'][]): Accelerator => ({
    busBits: BUS_BITS,
    chunks,
    placements: placed.map(({ layer, chunk }, l) => ({
      layer: layer.name,
      chunk,
      tile: tiles[l] ?? { rows: 1, columns: 1, outputs: 1, inputs: 1 },
    })),
  });
  const resolved = tensorSlots(built, layers, frame([]));
  if (!resolved.ok) throw new Error(resolved.reason);
  const tiles = placed.map(({ layer, chunk }) => {
    const [rows, columns, outputs] = layer.outputShape;
    const slots = { output: resolved.slots.get(layer.output.name) ?? 8, operand: 8 } as const;
    const fits = Array.from({ length: rows }, (_, k) => ({
      rows: rows - k,
      columns,
      outputs,
      inputs: layer.inputShape[2],
    })).find(
      (tile) =>
        tileProblems(layer, defined(chunks[chunk], 'a chunk'), tile, slots, BUS_BITS).length === 0,
    );
    return defined(fits, `a tile of ${layer.name}`);
  });
  const accelerator = frame(tiles);
  const planned = planDesign(built, accelerator);
  if (!planned.ok) throw new Error(planned.problems.join('; '));
  const provenance = { strategy: 'by hand', seed: 12, device: 'zc706' };
  return { name: 'twelve_chunks', network: built, accelerator, provenance };
}
