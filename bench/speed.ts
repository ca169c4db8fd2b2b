// How many designs a second the fast path evaluates on one core: `npm run bench:speed`, with `-- --json` for scripts.
//
// Layer designs: distinct random pairs of a layer of a named network and a design of the explored space, by the function
// behind `predict`, which `verify` holds to Verilator. Networks: random choices of a design for each chunk, from tables
// of the same function's figures. Sums of all results are printed, so that nothing can be left out.

import type { Chunk, Tile } from '../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../src/accelerator/layers.ts';
import { Memories } from '../src/cost/command-costs.ts';
import { layerPicojoules } from '../src/cost/energy.ts';
import { horowitz45nm } from '../src/cost/energy-tables/index.ts';
import { evaluateLayer, LayerEvaluation } from '../src/cost/layer-evaluation.ts';
import { bram18OfLayer } from '../src/cost/layer-memories.ts';
import { DESIGN_FIELDS, LAYER_FIELDS, packDesign, packLayer } from '../src/cost/layer-numbers.ts';
import { type ChunkTable, NetworkFigures, NetworkTables } from '../src/cost/network-tables.ts';
import { chunkResources, fixedResources } from '../src/cost/resources.ts';
import { layerSignature } from '../src/explore/layer-table.ts';
import { defaultSpace } from '../src/explore/space.ts';
import { tilesOf } from '../src/explore/tiles.ts';
import * as networks from '../src/network/networks/index.ts';
import { chunkProblems } from '../src/schedule/legality.ts';
import { defaultMemory } from '../src/schedule/memory.ts';
import { smallestSlot } from '../src/schedule/slots.ts';
import { namesOf, pick } from '../src/util/pick.ts';
import { createRng } from '../src/util/rng.ts';

const PAIRS = 100_000;
const CHOICES = 100_000;
const ROUNDS = 21;
const BUS_BITS = 64;

const rng = createRng(1);
const memories = new Memories(defaultMemory, BUS_BITS);
const buffers = { input: 256, weights: 256, parameters: 64, accumulators: 256, operand: 64 };
const room = { layerCapacity: 16, tableDepth: 256 };

const layersOf = (name: string): readonly Layer[] => {
  const formed = formLayers(pick('network', networks, name).build());
  return formed.ok ? formed.layers : [];
};

const slotsOf = (layer: Layer) => ({
  input: smallestSlot(layer.input.bits),
  output: smallestSlot(layer.output.bits),
  operand: smallestSlot(layer.operand?.bits ?? 8),
});

/** A random array that may run such a layer. */
function randomChunk(layer: Layer): Chunk {
  const slots = slotsOf(layer);
  for (;;) {
    const chunk: Chunk = {
      name: '',
      kind: layer.kind,
      rows: rng.pick(defaultSpace.rows),
      outputs: rng.pick(defaultSpace.outputs),
      inputs: layer.kind === 'depthwise' ? 1 : rng.pick(defaultSpace.inputs),
      slotBits: slots.input,
      weightBits: layer.weightBits,
      requantizers: rng.pick(defaultSpace.requantizers),
      multiplier: 'dsp1',
      order: 'overlapped',
      accumulatorBuffers: rng.pick(defaultSpace.accumulatorBuffers),
      hasAdd: layer.add !== undefined,
      form: 'half-up',
      buffers,
    };
    const lanes = [slots.output, ...(layer.add === undefined ? [] : [slots.operand])];
    const isWhole = lanes.every((slot) => (BUS_BITS / slot) % chunk.requantizers === 0);
    if (isWhole && chunkProblems(chunk, BUS_BITS).length === 0) return chunk;
  }
}

/** Least and median processor seconds of some runs: others may use the core as well. */
function secondsOf(run: () => void): { readonly least: number; readonly median: number } {
  run();
  const seconds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }).sort((left, right) => left - right);
  return { least: seconds[0] ?? 0, median: seconds[ROUNDS >> 1] ?? 0 };
}

function layerSpeed() {
  const layers = namesOf(networks)
    .flatMap(layersOf)
    .filter((layer, l, all) => {
      const first = all.findIndex((other) => layerSignature(other) === layerSignature(layer));
      return first === l;
    });
  const layerRows = new Int32Array(layers.length * LAYER_FIELDS);
  layers.forEach((layer, l) => {
    packLayer(layer, layerRows, l * LAYER_FIELDS);
  });
  const tiles = layers.map((layer): Tile[] =>
    tilesOf(layer, slotsOf(layer), BUS_BITS, defaultSpace),
  );
  const designRows = new Int32Array(PAIRS * DESIGN_FIELDS);
  const layerOf = new Int32Array(PAIRS);
  const seen = new Set<string>();
  // Layer after layer, as explorations go.
  const drawn = Int32Array.from({ length: PAIRS }, () => rng.integer(0, layers.length - 1)).sort();
  for (let k = 0; k < PAIRS; ) {
    const l = drawn[k] ?? 0;
    const layer = layers[l] as Layer;
    const at = k * DESIGN_FIELDS;
    const tile = rng.pick(tiles[l] as Tile[]);
    packDesign(randomChunk(layer), tile, slotsOf(layer), BUS_BITS, designRows, at);
    const key = `${l} ${designRows.subarray(at, at + DESIGN_FIELDS).join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    layerOf[k++] = l * LAYER_FIELDS;
  }
  const evaluation = new LayerEvaluation();
  const results = new Float64Array(3 * PAIRS);
  const seconds = secondsOf(() => {
    for (let k = 0; k < PAIRS; k++) {
      const l = layerOf[k] as number;
      evaluateLayer(layerRows, l, designRows, k * DESIGN_FIELDS, memories, evaluation);
      results[3 * k] = evaluation.cycles;
      results[3 * k + 1] = layerPicojoules(evaluation.sums, 8, 8, horowitz45nm);
      results[3 * k + 2] = bram18OfLayer(evaluation.cut);
    }
  });
  const checksum = [0, 1, 2].map((column) =>
    results.reduce((sum, value, k) => (k % 3 === column ? sum + value : sum), 0),
  );
  return { pairs: PAIRS, distinctLayers: layers.length, ...seconds, checksum };
}

function networkSpeed(name: string) {
  const layers = layersOf(name);
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    const key = `${layer.kind} ${layer.outputShape[0] >= defaultSpace.largeMapRows} ${slotsOf(layer).input} ${layer.weightBits}`;
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  const evaluation = new LayerEvaluation();
  const layerRow = new Int32Array(LAYER_FIELDS);
  const designRow = new Int32Array(DESIGN_FIELDS);
  const chunks = [...groups.values()].map((own): ChunkTable => {
    const counts = new Map<string, { readonly layer: Layer; count: number }>();
    for (const layer of own) {
      const key = `${layerSignature(layer)} ${Object.values(slotsOf(layer))}`;
      const known = counts.get(key) ?? { layer, count: 0 };
      known.count++;
      counts.set(key, known);
    }
    const hasAdd = own.some((layer) => layer.add !== undefined);
    const designs = Array.from({ length: 256 }, () => ({
      ...randomChunk(own[0] as Layer),
      hasAdd,
    }));
    const distinct = [...counts.values()];
    const figures = distinct.map(({ layer }) => {
      packLayer(layer, layerRow);
      const slots = slotsOf(layer);
      return designs.map((chunk) => {
        const tile = rng.pick(tilesOf(layer, slots, BUS_BITS, defaultSpace));
        packDesign(chunk, tile, slots, BUS_BITS, designRow);
        evaluateLayer(layerRow, 0, designRow, 0, memories, evaluation);
        const { cycles, sums } = evaluation;
        return { cycles, picojoules: layerPicojoules(sums, 8, 8, horowitz45nm) };
      });
    });
    return {
      resources: designs.map((chunk) => chunkResources(chunk, room, BUS_BITS)),
      cycles: figures.map((row) => row.map(({ cycles }) => cycles)),
      picojoules: figures.map((row) => row.map(({ picojoules }) => picojoules)),
      counts: distinct.map(({ count }) => count),
    };
  });
  const tables = new NetworkTables(chunks, fixedResources(layers.length));
  const choices = new Uint16Array(CHOICES * chunks.length);
  for (let k = 0; k < choices.length; k++) choices[k] = rng.integer(0, 255);
  const figures = new NetworkFigures();
  const checksum = new Float64Array(4);
  const seconds = secondsOf(() => {
    checksum.fill(0);
    for (let k = 0; k < CHOICES; k++) {
      tables.evaluate(choices, k * chunks.length, figures);
      checksum[0] = (checksum[0] ?? 0) + figures.epochCycles;
      checksum[1] = (checksum[1] ?? 0) + figures.picojoules;
      checksum[2] = (checksum[2] ?? 0) + figures.bram18;
      checksum[3] = (checksum[3] ?? 0) + figures.lut;
    }
  });
  return {
    name,
    layers: layers.length,
    distinctLayers: tables.distinctLayers,
    chunks: chunks.length,
    choices: CHOICES,
    ...seconds,
    checksum: [...checksum],
  };
}

const layer = layerSpeed();
const nets = ['auto-nba-demo', 'mobilenet-v2', 'resnet18'].map(networkSpeed);
const [demo] = nets;
const figures = {
  layer: layer.pairs / layer.least,
  network: (demo?.choices ?? 0) / (demo?.least ?? 1),
};
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ designEvaluationsPerSecond: figures, layer, networks: nets }));
else {
  const rate = (count: number, seconds: number) => (count / seconds / 1e6).toFixed(2);
  console.log(
    `layer designs: ${rate(layer.pairs, layer.least)} M/s at best, ${rate(layer.pairs, layer.median)} M/s median of ${ROUNDS} runs; ${layer.pairs} distinct pairs with ${layer.distinctLayers} layers; sums of cycles, pJ, BRAM18: ${layer.checksum.join(', ')}`,
  );
  for (const net of nets)
    console.log(
      `networks: ${rate(net.choices, net.least)} M/s at best, ${rate(net.choices, net.median)} M/s median; ${net.name}, ${net.layers} layers (${net.distinctLayers} distinct), ${net.chunks} chunks; sums of epoch cycles, pJ, BRAM18, LUT: ${net.checksum.join(', ')}`,
    );
}
