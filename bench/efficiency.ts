// `npm run bench:efficiency`: what share of an array's cycles is useful work, predicted, then simulated and compared.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accelerator, Chunk, Placement, Tile } from '../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../src/accelerator/layers.ts';
import { splitLayers, splitParts, splitPercent } from '../src/cost/cycle-split.ts';
import { type Design, planDesign } from '../src/cost/design.ts';
import { evaluatePlan } from '../src/cost/layer-evaluation.ts';
import { encodeCases } from '../src/emit/case-file.ts';
import { runInteger } from '../src/integer/run.ts';
import { lowerDesign } from '../src/lower/lower.ts';
import { findNetwork } from '../src/network/find-network.ts';
import { elementsOf, rangeOf } from '../src/network/geometry.ts';
import { type Network, type Operator, tensorOf } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import { randomDefaults } from '../src/network/random-limits.ts';
import { randomParameters } from '../src/network/random-weights.ts';
import { defaultMemory } from '../src/schedule/memory.ts';
import { type ChipUse, ceilDiv, planLayer } from '../src/schedule/plan.ts';
import { chipUses, mapChips } from '../src/schedule/residency.ts';
import { wordsNeeded } from '../src/schedule/tile-legality.ts';
import { defined } from '../src/util/errors.ts';
import { powerOfTwoFrom } from '../src/util/powers.ts';
import { createRng } from '../src/util/rng.ts';
import { compareCommands } from '../src/verify/compare.ts';
import { buildSimulator, netlistSources, runSimulator } from '../src/verify/simulator.ts';

const BUS_BITS = 64;
const memory = defaultMemory;
const slots = { input: 8, output: 8, operand: 8 } as const;

/** Network of the literature with random weights, so that bits can be compared too. */
function withWeights(network: Network): Network {
  const rng = createRng(1);
  const limits = { ...randomDefaults, forms: ['half-up'] as const };
  const operators = network.operators.map((operator): Operator => {
    if (operator.kind !== 'conv' && operator.kind !== 'fullyConnected') return operator;
    const input = tensorOf(network, operator.input);
    const output = tensorOf(network, operator.output);
    const taps =
      operator.kind === 'conv'
        ? operator.kernel[0] * operator.kernel[1] * input.shape[2]
        : elementsOf(input.shape);
    const sizes = { channels: output.shape[2], taps, weightBits: operator.weightBits };
    const parameters = randomParameters(rng, limits, sizes, input, output, 'double');
    return { ...operator, parameters };
  });
  return { ...network, operators };
}

/** The five layers that others were measured on, one after the other. */
function peerLayers(): Network {
  const net = new NetworkBuilder('peers', [32, 32, 16]);
  net.conv('3x3 16->16 @32', 16, { kernel: 3, padding: 'same' });
  net.conv('3x3 16->32 /2 @32', 32, { kernel: 3, stride: 2, padding: 'same' });
  net.conv('3x3 32->32 @16', 32, { kernel: 3, padding: 'same' });
  net.conv('1x1 32->64 /2 @16', 64, { kernel: 1, stride: 2, padding: 'same' });
  net.conv('3x3 64->64 @8', 64, { kernel: 3, padding: 'same' });
  return net.build();
}

const array = (kind: Chunk['kind'], rows: number, outputs: number, inputs: number): Chunk => ({
  name: kind,
  kind,
  rows,
  outputs,
  inputs,
  slotBits: 8,
  weightBits: 8,
  requantizers: Math.min(8, outputs),
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: false,
  buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
});

const sizesOf = (whole: number, step: number): number[] => {
  const parts = Array.from({ length: ceilDiv(whole, step) }, (_, k) => ceilDiv(whole, k + 1));
  return [...new Set(parts.map((size) => Math.min(whole, ceilDiv(size, step) * step)))];
};
const MAX_STEPS = 300;
const REFINED = 24;

/** The fastest tile of all even cuts, and of the best of these with a smaller first tile. */
function fastestTile(layer: Layer, chunk: Chunk, chip: ChipUse): Tile {
  const [height, width, channels] = layer.outputShape;
  const inputs = layer.kind === 'depthwise' ? [channels] : sizesOf(layer.inputShape[2], 8);
  const timed: { readonly tile: Tile; readonly cycles: number }[] = [];
  const time = (tile: Tile): void => {
    const plan = planLayer(layer, chunk, tile, slots, BUS_BITS, chip);
    if (plan.rows.length * plan.columns.length * plan.steps.length > MAX_STEPS) return;
    timed.push({ tile, cycles: evaluatePlan(plan, memory).cycles });
  };
  for (const rows of sizesOf(height, 1))
    for (const columns of sizesOf(width, Math.min(8, width)))
      for (const outputs of sizesOf(channels, 8))
        for (const size of inputs) time({ rows, columns, outputs, inputs: size });
  const byCycles = () => timed.sort((left, right) => left.cycles - right.cycles);
  for (const { tile } of byCycles().slice(0, REFINED))
    for (let rows = 1; rows <= tile.rows; rows++)
      for (let outputs = 8; outputs <= tile.outputs; outputs += 8)
        time({ ...tile, first: { rows, outputs } });
  return defined(byCycles()[0], 'a tile').tile;
}

/** Every layer on the first chunk of its kind, weights resident, maps on chip between layers of one chunk. */
function designOf(network: Network, arrays: readonly Chunk[]): Design {
  const formed = formLayers(network);
  if (!formed.ok) throw new Error(formed.reason);
  const { layers } = formed;
  const chunkOf = layers.map(({ kind }) => arrays.findIndex((chunk) => chunk.kind === kind));
  const places = layers.map((layer, l): Placement => {
    const readers = layers.flatMap(({ input, operand }, r) =>
      [input.name, operand?.name].includes(layer.output.name) ? [chunkOf[r]] : [],
    );
    const isKept = readers.length > 0 && readers.every((reader) => reader === chunkOf[l]);
    return {
      layer: layer.name,
      chunk: chunkOf[l] ?? -1,
      tile: { rows: 1, columns: 1, outputs: 1, inputs: 1 },
      weights: 'resident',
      output: isKept ? 'chip' : 'dram',
    };
  });
  const hasAdd = (c: number) => layers.some(({ add }, l) => add !== undefined && chunkOf[l] === c);
  const chunks = arrays.map((chunk, c) => ({ ...chunk, hasAdd: hasAdd(c) }));
  const frame: Accelerator = { busBits: BUS_BITS, chunks, placements: places };
  const { uses } = chipUses(
    layers,
    frame,
    layers.map(() => 0),
  );
  const placements = places.map((place, l) => {
    const layer = defined(layers[l], 'layer');
    const chunk = defined(chunks[place.chunk], 'chunk');
    return { ...place, tile: fastestTile(layer, chunk, defined(uses[l], 'chip use')) };
  });
  const sized = chunks.map((chunk, c): Chunk => {
    const most = { ...chunk.buffers };
    placements.forEach(({ tile, chunk: own }, l) => {
      if (own !== c) return;
      const layer = defined(layers[l], 'layer');
      const words = wordsNeeded(layer, chunk, tile, slots, BUS_BITS, uses[l]);
      for (const name of ['input', 'weights', 'parameters', 'accumulators', 'operand'] as const)
        most[name] = Math.max(most[name], powerOfTwoFrom(2, words[name]));
    });
    return { ...chunk, buffers: most, chipWords: 65_536 };
  });
  const roomy = { ...frame, chunks: sized, placements };
  const planned = planDesign(network, roomy);
  if (!planned.ok) throw new Error(planned.problems.join('; '));
  const maps = mapChips(planned.plans, roomy);
  const fitted = sized.map((chunk, c) => ({
    ...chunk,
    chipWords: powerOfTwoFrom(2, maps[c]?.totalBeats ?? 0),
  }));
  return {
    name: network.name,
    network,
    accelerator: { ...roomy, chunks: fitted },
    provenance: { strategy: 'bench', seed: 1, device: 'none' },
  };
}

/** Simulates one image; throws where a bit, a layer or a command differs from the prediction. */
async function prove(design: Design): Promise<void> {
  const plan = lowerDesign(design, memory);
  const simulator = await buildSimulator(netlistSources(plan));
  const folder = mkdtempSync(join(tmpdir(), 'autonba-efficiency-'));
  try {
    const rng = createRng(2);
    const input = tensorOf(design.network, design.network.input);
    const { low, high } = rangeOf(input);
    const image = new Int32Array(elementsOf(input.shape)).map(() => rng.integer(low, high));
    const tensors = runInteger(design.network, image, 1);
    const caseFile = join(folder, 'cases');
    const commandFile = join(folder, 'commands');
    const common = { plan, memory, images: 1, tensors, limitCycles: 1_000_000 };
    const modes = ['latency', 'throughput'] as const;
    writeFileSync(caseFile, encodeCases(modes.map((mode) => ({ ...common, mode }))));
    const { cases, commands } = await runSimulator(simulator, caseFile, { commandFile });
    const { prediction } = plan;
    for (const [k, result] of cases.entries()) {
      if (!result.bitExact || result.hang !== null || result.axiErrors > 0)
        throw new Error(`${design.name}: bits differ, ${JSON.stringify(result.firstMismatch)}`);
      const position = plan.layersPerChunk.map(() => 0);
      prediction.layers.forEach(({ name, chunk, cycles }, l) => {
        const index = position[chunk] ?? 0;
        position[chunk] = index + 1;
        const found = result.layers.find((own) => own.chunk === chunk && own.index === index);
        if (found?.cycles !== cycles)
          throw new Error(`${name}: predicted ${cycles} cycles, simulated ${found?.cycles}`);
        const own = commands.filter((_, w) => {
          const at = w - (w % 8);
          return commands[at] === k && commands[at + 1] === chunk && commands[at + 3] === index;
        });
        const wrong = compareCommands(plan, l, memory, own);
        if (wrong !== null) throw new Error(JSON.stringify(wrong));
      });
    }
    const [latency, throughput] = cases;
    const image1 = latency?.epochs[0];
    if (image1 !== prediction.latencyCycles)
      throw new Error(`predicted ${prediction.latencyCycles} cycles, simulated ${image1}`);
    if (prediction.depth === 0 && throughput?.epochs[0] !== prediction.epochCycles)
      throw new Error(`predicted ${prediction.epochCycles}, simulated ${throughput?.epochs[0]}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cycles that a layer takes beyond its own where it is started alone. */
function aloneExtra(design: Design): number {
  const { prediction } = lowerDesign(design, memory);
  const own = prediction.layers.reduce((sum, { cycles }) => sum + cycles, 0);
  return (prediction.latencyCycles - own) / prediction.layers.length;
}

async function show(design: Design): Promise<void> {
  await prove(design);
  const plan = lowerDesign(design, memory);
  const { prediction } = plan;
  const splits = splitLayers(
    plan.layers.map((layer) => layer.plan),
    design.accelerator,
    memory,
  );
  const extra = aloneExtra(design);
  const chunks = design.accelerator.chunks;
  console.log(
    `\n${design.name}: ${chunks.map(({ rows, outputs, inputs }) => `${rows}x${outputs}x${inputs}`).join(' and ')}, ` +
      `${prediction.latencyCycles} cycles layer by layer, ${prediction.epochCycles} an epoch; simulated equal, every bit and command`,
  );
  console.log(['layer', 'cycles', 'alone %', ...splitParts.map((part) => `${part} %`)].join('\t'));
  prediction.layers.forEach(({ name, chunk, cycles }, l) => {
    const split = defined(splits[l], 'split');
    const { rows, outputs, inputs } = defined(chunks[chunk], 'chunk');
    const alone = (100 * split.useful) / ((cycles + extra) * rows * outputs * inputs);
    const { tile } = defined(design.accelerator.placements[l], 'placement');
    const shares = splitPercent(split).map((share) => share.toFixed(2));
    console.log([name, cycles, alone.toFixed(2), ...shares, JSON.stringify(tile)].join('\t'));
  });
}

/** The convolutions of a network, without the pool and the classifier behind them. */
function convolutionsOf(network: Network): Network {
  const operators = network.operators.filter(({ kind }) => kind === 'conv' || kind === 'add');
  const kept = new Set([network.input, ...operators.map(({ output }) => output)]);
  const output = defined(operators.at(-1), 'operator').output;
  const tensors = network.tensors.filter(({ name }) => kept.has(name));
  return { ...network, name: `${network.name} convolutions`, operators, tensors, output };
}

const resnet = withWeights(convolutionsOf(findNetwork('resnet8')));
await show(designOf(resnet, [array('standard', 3, 16, 8)]));
for (const [rows, outputs, inputs] of [
  [1, 8, 4],
  [1, 8, 8],
  [2, 8, 8],
] as const)
  await show(designOf(withWeights(peerLayers()), [array('standard', rows, outputs, inputs)]));
