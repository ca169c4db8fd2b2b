import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chunk, SlotBits } from '../../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import { TileTimer } from '../../src/cost/tile-timer.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { schedule } from '../../src/schedule/commands.ts';
import { chunkProblems } from '../../src/schedule/legality.ts';
import { longestPath } from '../../src/schedule/longest-path.ts';
import { type ChipUse, lanesOf, planLayer } from '../../src/schedule/plan.ts';
import { smallestSlot } from '../../src/schedule/slots.ts';
import { wordsNeeded } from '../../src/schedule/tile-legality.ts';
import { createRng, type Rng } from '../../src/util/rng.ts';

const slot = (rng: Rng, bits: number): SlotBits => {
  const least = smallestSlot(bits);
  return rng.pick(([2, 4, 8, 16] as const).filter((wide) => wide >= least));
};

function randomChunk(rng: Rng, layer: Layer, busBits: 32 | 64): Chunk {
  for (;;) {
    const chunk: Chunk = {
      name: 'random',
      kind: layer.kind,
      rows: rng.integer(1, 5),
      outputs: rng.pick([1, 2, 4, 6, 8, 16]),
      inputs: layer.kind === 'depthwise' ? 1 : rng.pick([1, 2, 4, 8, 16]),
      slotBits: slot(rng, layer.input.bits),
      weightBits: rng.integer(layer.weightBits, 8),
      requantizers: rng.pick([1, 2, 4]),
      multiplier: 'dsp1',
      order: rng.pick(['overlapped', 'paper'] as const),
      accumulatorBuffers: rng.pick([1, 2] as const),
      hasAdd: layer.add !== undefined || rng.pick([true, false]),
      form: rng.pick(['half-up', 'tflite'] as const),
      buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
    };
    if (chunkProblems(chunk, busBits).length === 0) return chunk;
  }
}

/** A size that divides the dimension into tiles the hardware can address. */
const cut = (rng: Rng, size: number, step: number): number =>
  rng.pick([size, rng.integer(1, Math.ceil(size / step)) * step]);

test('the fast path is the longest path, and counts the same words', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rng = createRng(seed);
      const network = randomNetwork(rng, {
        operators: 3,
        kinds: ['conv', 'depthwiseConv', 'fullyConnected', 'add', 'globalAveragePool'],
        maxSize: rng.pick([5, 20]),
        maxChannels: 40,
        maxKernel: 5,
      });
      const formed = formLayers(network);
      if (!formed.ok) return;
      const busBits = rng.pick([32, 64] as const);
      const memory = {
        readLatencyCycles: rng.integer(1, 60),
        beatCycles: rng.integer(1, 3),
        outstandingBursts: rng.integer(1, 16),
        writeLatencyCycles: rng.integer(1, 40),
      };
      for (const layer of formed.layers) {
        const chunk = randomChunk(rng, layer, busBits);
        const slots = {
          input: chunk.slotBits,
          output: slot(rng, layer.output.bits),
          operand: slot(rng, layer.operand?.bits ?? 8),
        };
        const lanes = [slots.input, slots.output, slots.operand].map((b) => lanesOf(busBits, b));
        if (lanes.some((count) => count % chunk.requantizers !== 0)) continue;
        const [rows, columns, outputs] = layer.outputShape;
        const step = Math.max(...lanes);
        const tile = {
          rows: cut(rng, rows, 1),
          columns: cut(rng, columns, 1),
          outputs: cut(rng, outputs, step),
          inputs: cut(rng, layer.inputShape[2], lanes[0] ?? 1),
        };
        const [isInput, isResident, isOperand, isOutput] = [0, 1, 2, 3].map(
          () => rng.integer(0, 2) === 0,
        );
        const chip: ChipUse = {
          input: isInput === true,
          weights: isResident === true,
          parameters: isResident === true,
          operand: isOperand === true,
          output: isOutput === true,
        };
        const plan = planLayer(layer, chunk, tile, slots, busBits, chip);
        const timer = new TileTimer(layer, tile, slots, busBits, memory, chunk.form, chip);
        const cycles = longestPath(schedule(plan, memory));
        expect(timer.cycles(chunk)).toBe(cycles);
        expect(timer.lowerBoundCycles(chunk)).toBeLessThanOrEqual(cycles);
        expect(timer.words(chunk)).toEqual(wordsNeeded(layer, chunk, tile, slots, busBits, chip));
        expect(timer.tableEntries).toBe(
          plan.rows.length + plan.columns.length + plan.outputs.length + plan.steps.length,
        );
        const [kernelRows, kernelColumns] = layer.kernel;
        const products = layer.kind === 'depthwise' ? 1 : layer.inputShape[2] / layer.groups;
        const macs = rows * columns * outputs * kernelRows * kernelColumns * products;
        expect(cycles * chunk.rows * chunk.outputs * chunk.inputs).toBeGreaterThanOrEqual(macs);
        expect(timer.weightBeats(chunk)).toBe(plan.weightBeats);
        expect(timer.parameterBeats).toBe(plan.parameterBeats);
        const slower = { ...memory, readLatencyCycles: memory.readLatencyCycles + 7 };
        const again = new TileTimer(layer, tile, slots, busBits, slower, chunk.form, chip);
        if (chip.input && chip.weights) expect(again.cycles(chunk)).toBeGreaterThanOrEqual(cycles);
        else expect(again.cycles(chunk)).toBeGreaterThan(cycles);
      }
    }),
    { numRuns: 400 },
  );
});
