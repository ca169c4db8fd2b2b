import { expect, test } from 'vitest';
import type { Design } from '../../src/cost/design.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import { REGIONS, type TensorPlace } from '../../src/lower/plan.ts';
import { PAGE_BYTES } from '../../src/schedule/bursts.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { AutoNbaError, defined } from '../../src/util/errors.ts';
import { loadFixtureDesign } from '../support/fixture-design.ts';

const plan = lowerDesign(loadFixtureDesign(), defaultMemory);
const pageBeats = (PAGE_BYTES * 8) / plan.busBits;

test('the same design gives the same hash and bytes', () => {
  const again = lowerDesign(loadFixtureDesign(), defaultMemory);
  expect(again.hash).toBe(plan.hash);
  expect(again.netlistHash).toBe(plan.netlistHash);
  expect(Buffer.from(again.weights).equals(plan.weights)).toBe(true);
  expect(again.program).toEqual(plan.program);
  expect(again.prediction).toEqual(plan.prediction);
});

test('a changed weight changes the hash and not the netlist, a changed array changes both', () => {
  const design = loadFixtureDesign();
  const first = design.network.operators[0];
  if (first?.kind !== 'conv' || first.parameters === undefined) throw new Error('a stem expected');
  const weights = Int16Array.from(first.parameters.weights);
  weights[0] = weights[0] === 1 ? 2 : 1;
  const stem = { ...first, parameters: { ...first.parameters, weights } };
  const operators = [stem, ...design.network.operators.slice(1)];
  const reweighted = lowerDesign(
    { ...design, network: { ...design.network, operators } },
    defaultMemory,
  );
  expect(reweighted.hash).not.toBe(plan.hash);
  expect(reweighted.netlistHash).toBe(plan.netlistHash);

  const [standard, ...others] = design.accelerator.chunks;
  if (standard === undefined) throw new Error('a chunk expected');
  const chunks = [{ ...standard, rows: 3 }, ...others];
  const reshaped = lowerDesign(
    { ...design, accelerator: { ...design.accelerator, chunks } },
    defaultMemory,
  );
  expect(reshaped.hash).not.toBe(plan.hash);
  expect(reshaped.netlistHash).not.toBe(plan.netlistHash);
});

test('the memory under which cycles are predicted is no part of the hardware', () => {
  const slow = lowerDesign(loadFixtureDesign(), { ...defaultMemory, readLatencyCycles: 60 });
  expect(slow.hash).toBe(plan.hash);
  expect(slow.program).toEqual(plan.program);
  expect(slow.prediction.latencyCycles).toBeGreaterThan(plan.prediction.latencyCycles);
});

test('activations of all images in flight lie page-aligned, side by side, never on each other', () => {
  const owners = new Map<number, string>();
  const rings = plan.places.filter(({ region }) => region === 'activations');
  for (const { tensor, offsetBeats, beats, ringShift, ringMask } of rings)
    for (let image = 0; image <= ringMask; image++) {
      const start = offsetBeats + image * 2 ** ringShift;
      expect(start % pageBeats).toBe(0);
      expect(start + beats).toBeLessThanOrEqual(plan.regionBeats.activations);
      for (let beat = start; beat < start + beats; beat++) {
        expect(owners.get(beat)).toBe(undefined);
        owners.set(beat, `${tensor.name}/${image}`);
      }
    }
  expect(rings.length).toBe(plan.layers.length - 1);
});

test('a ring holds every image between its writer and its last reader', () => {
  const placeOf = (name: string): TensorPlace | undefined =>
    plan.places.find(({ tensor }) => tensor.name === name);
  for (const writer of plan.layers) {
    const { output } = writer.plan.layer;
    if (placeOf(output.name)?.region !== 'activations') continue;
    const readers = plan.layers.filter(({ plan: { layer } }) =>
      [layer.input.name, layer.operand?.name].includes(output.name),
    );
    expect(readers.length).toBeGreaterThan(0);
    for (const reader of readers)
      expect(placeOf(output.name)?.ringMask).toBeGreaterThanOrEqual(reader.delay - writer.delay);
  }
});

test('weights and records lie page-aligned and apart', () => {
  let free = 0;
  for (const { weightOffsetBeats, parameterOffsetBeats, plan: layer } of plan.layers) {
    for (const offset of [weightOffsetBeats, parameterOffsetBeats])
      expect(offset % pageBeats).toBe(0);
    expect(weightOffsetBeats).toBeGreaterThanOrEqual(free);
    expect(parameterOffsetBeats).toBeGreaterThanOrEqual(weightOffsetBeats + layer.weightBeats);
    free = parameterOffsetBeats + layer.parameterBeats;
  }
  expect(plan.regionBeats.weights).toBeGreaterThanOrEqual(free);
  expect(plan.weights.length).toBe((plan.regionBeats.weights * plan.busBits) / 8);
});

test('every word of the program is written once, inside its memory', () => {
  const seen = new Set<string>();
  for (const { chunk, memory, word, value } of plan.program) {
    const key = `${chunk}/${memory}/${word}`;
    expect(seen.has(key)).toBe(false);
    seen.add(key);
    expect(value).toBe(value >>> 0);
    const hardware = plan.chunks[chunk];
    const words =
      memory === 0 ? (hardware?.layerCapacity ?? 0) * 64 : (hardware?.tableDepth ?? 0) * 8;
    expect(word).toBeLessThan(words);
  }
  expect(Object.keys(REGIONS).length).toBe(4);
});

test('an illegal design is refused with every rule it breaks', () => {
  const design = loadFixtureDesign();
  const { accelerator } = design;
  const broken: Design = {
    ...design,
    accelerator: {
      ...accelerator,
      placements: accelerator.placements.map((placement, l) =>
        l < 2 ? { ...placement, tile: { ...placement.tile, outputs: 12 } } : placement,
      ),
    },
  };
  let message = '';
  try {
    lowerDesign(broken, defaultMemory);
  } catch (error) {
    if (!(error instanceof AutoNbaError)) throw error;
    message = error.message;
    expect(error.exitCode).toBe(1);
  }
  expect(message).toMatchInlineSnapshot(
    `"design "fashion-early" is not legal: layer "stem" on "standard": tile outputs is 12, must be a multiple of 8 or all 16; the nearest legal is 8; layer "b0_expand" on "standard": tile outputs is 12, must be a multiple of 8 or all 48; the nearest legal is 8"`,
  );
});

test('a chunk without a layer is refused: in an epoch it would run what no one loaded', () => {
  const design = loadFixtureDesign();
  const { accelerator } = design;
  const idle = { ...defined(accelerator.chunks[0], 'a chunk'), name: 'idle' };
  const chunks = [...accelerator.chunks, idle];
  expect(() =>
    lowerDesign({ ...design, accelerator: { ...accelerator, chunks } }, defaultMemory),
  ).toThrow('chunks[2] "idle": no layer runs on it, leave it out');
});
