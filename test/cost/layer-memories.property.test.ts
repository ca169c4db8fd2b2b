import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chunk } from '../../src/accelerator/accelerator.ts';
import { formLayers } from '../../src/accelerator/layers.ts';
import { Memories } from '../../src/cost/command-costs.ts';
import { evaluateLayer, LayerEvaluation } from '../../src/cost/layer-evaluation.ts';
import { bram18OfLayer } from '../../src/cost/layer-memories.ts';
import {
  DESIGN_FIELDS,
  LAYER_FIELDS,
  packDesign,
  packLayer,
} from '../../src/cost/layer-numbers.ts';
import { wordsOfCut } from '../../src/cost/layer-sums.ts';
import { bram18OfMemories, listMemories, memoryRows } from '../../src/cost/memories.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { chunkProblems } from '../../src/schedule/legality.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { smallestSlot } from '../../src/schedule/slots.ts';
import { powerOfTwoFrom } from '../../src/util/powers.ts';
import { createRng } from '../../src/util/rng.ts';

test('block RAMs from tables are those of the listed memories', () => {
  let counted = 0;
  let largest = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rng = createRng(seed);
      const network = randomNetwork(rng, {
        operators: 3,
        kinds: ['conv', 'depthwiseConv', 'fullyConnected', 'add'],
        maxSize: rng.pick([5, 20, 60]),
        maxChannels: rng.pick([40, 300]),
        maxKernel: 5,
      });
      const formed = formLayers(network);
      if (!formed.ok) return;
      const busBits = rng.pick([32, 64] as const);
      for (const layer of formed.layers) {
        const slots = {
          input: smallestSlot(layer.input.bits),
          output: smallestSlot(layer.output.bits),
          operand: smallestSlot(layer.operand?.bits ?? 8),
        };
        const chunk: Chunk = {
          name: '',
          kind: layer.kind,
          rows: rng.integer(1, 8),
          outputs: rng.pick([1, 2, 4, 8, 16, 32]),
          inputs: layer.kind === 'depthwise' ? 1 : rng.pick([1, 2, 4, 8, 16, 32]),
          slotBits: slots.input,
          weightBits: rng.integer(layer.weightBits, 8),
          requantizers: rng.pick([1, 2, 4]),
          multiplier: 'dsp1',
          order: 'overlapped',
          accumulatorBuffers: rng.pick([1, 2] as const),
          hasAdd: layer.add !== undefined,
          form: rng.pick(['half-up', 'tflite'] as const),
          buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
        };
        if (chunkProblems(chunk, busBits).length > 0) continue;
        const [rows, columns, outputs] = layer.outputShape;
        const tile = {
          rows: rng.integer(1, rows),
          columns: rng.integer(1, columns),
          outputs: rng.pick([outputs, 32]),
          inputs: rng.pick([layer.inputShape[2], 32]),
        };
        const layerRow = new Int32Array(LAYER_FIELDS);
        const designRow = new Int32Array(DESIGN_FIELDS);
        packLayer(layer, layerRow);
        packDesign(chunk, tile, slots, busBits, designRow);
        const evaluation = new LayerEvaluation();
        evaluateLayer(layerRow, 0, designRow, 0, new Memories(defaultMemory, busBits), evaluation);
        const { cut } = evaluation;
        const words = wordsOfCut(cut);
        const buffers = {
          input: powerOfTwoFrom(2, words.input),
          weights: powerOfTwoFrom(2, words.weights),
          parameters: powerOfTwoFrom(2, words.parameters),
          accumulators: powerOfTwoFrom(2, words.accumulators),
          operand: powerOfTwoFrom(2, words.operand),
        };
        const entries = cut.rows.tiles + cut.columns.tiles + cut.outputTiles + cut.steps;
        const room = { layerCapacity: 2, tableDepth: powerOfTwoFrom(16, entries) };
        const memories = memoryRows();
        listMemories({ ...chunk, buffers }, room, busBits, memories);
        expect(bram18OfLayer(cut)).toBe(bram18OfMemories(memories));
        counted++;
        largest = Math.max(largest, bram18OfLayer(cut));
      }
    }),
    { numRuns: 400 },
  );
  expect(counted).toBeGreaterThan(300);
  expect(largest).toBeGreaterThan(100);
});
