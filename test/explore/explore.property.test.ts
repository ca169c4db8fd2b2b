import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Accelerator } from '../../src/accelerator/accelerator.ts';
import { averageScale } from '../../src/accelerator/averages.ts';
import type { Device } from '../../src/accelerator/device.ts';
import * as devices from '../../src/accelerator/devices/index.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import { type Design, planDesign, predict } from '../../src/cost/design.ts';
import { programRooms } from '../../src/cost/estimate.ts';
import { rulesOf } from '../../src/cost/part-rules.ts';
import { fixedResources, missingOf, noResources } from '../../src/cost/resources.ts';
import { allocate } from '../../src/explore/allocation.ts';
import { explore } from '../../src/explore/explore.ts';
import { Explorer } from '../../src/explore/explorer.ts';
import { partitionsOf } from '../../src/explore/groups.ts';
import { isWithin, priceOf } from '../../src/explore/prices.ts';
import {
  compareOptions,
  compareResources,
  fitsIn,
  leanestOf,
  type Option,
  paretoOf,
  sizeOf,
} from '../../src/explore/problem.ts';
import { defaultSpace, usableLogic } from '../../src/explore/space.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import type { Network } from '../../src/network/network.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { autoNbaDemo } from '../../src/network/networks/index.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { chipMemory, defaultMemory, type Memory } from '../../src/schedule/memory.ts';
import { BARRIER_CYCLES } from '../../src/schedule/timing.ts';
import { createRng } from '../../src/util/rng.ts';
import { smallSpace } from './small-space.ts';

/** The first network of a seed all of whose operators chunks can run. */
function runnable(seed: number, operators: number): Network {
  for (let draw = 0; ; draw++) {
    const network = randomNetwork(createRng(`${seed} ${draw}`), {
      operators,
      kinds: ['conv', 'depthwiseConv', 'fullyConnected', 'add', 'averagePool', 'globalAveragePool'],
      maxSize: 16,
      maxChannels: 40,
      maxKernel: 5,
      forms: [seed % 3 === 0 ? 'tflite' : 'half-up'],
    });
    if (formLayers(network).ok) return network;
  }
}

function formedOf(network: Network): { readonly layers: readonly Layer[] } {
  const formed = formLayers(network);
  if (!formed.ok) throw new Error(formed.reason);
  return formed;
}

const designOf = (network: Network, accelerator: Accelerator): Design => ({
  name: 'explored',
  network,
  accelerator,
  provenance: { strategy: 'explore exact', seed: 1, device: '' },
});

const deviceOf = (seed: number): Device => createRng(seed).pick([devices.zc706, devices.pynqZ2]);

test('what is explored is legal, predicted to the cycle, within the device, and found again', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const network = runnable(seed, 5);
      const device = deviceOf(seed);
      const memory = { ...defaultMemory, readLatencyCycles: 1 + (Math.abs(seed) % 50) };
      const result = explore(network, device, { memory });
      const planned = planDesign(network, result.accelerator);
      if (!planned.ok) throw new Error(planned.problems.join('; '));
      const { plans, delays } = planned;
      const prediction = predict(plans, delays, result.accelerator, memory);
      expect(result.epochCycles).toBe(prediction.epochCycles);
      expect(result.layers.map((layer) => layer.cycles)).toEqual(
        prediction.layers.map((layer) => layer.cycles),
      );
      expect(result.fits).toBe(true);
      expect(result.provenOptimal).toBe(true);
      expect(missingOf(result.resources, device)).toEqual({});
      for (const layer of result.layers) {
        const chunk = result.chunks[layer.chunk];
        const lanes = (chunk?.rows ?? 0) * (chunk?.outputs ?? 0) * (chunk?.inputs ?? 0);
        expect(layer.cycles * lanes).toBeGreaterThanOrEqual(layer.multiplyAccumulates);
      }
      const rooms = lowerDesign(designOf(network, result.accelerator), memory).chunks;
      expect(rooms).toMatchObject(programRooms(plans, result.accelerator));
      const { seconds: _, ...first } = result;
      const { seconds: __, ...again } = explore(network, device, { memory });
      expect(again).toEqual(first);
    }),
    { numRuns: 12 },
  );
});

function legalOptions(at: (index: number) => Option | undefined, size: number): Option[] {
  return Array.from({ length: size }, (_, k) => at(k)).filter((option) => option !== undefined);
}

test('exact equals looking at every design of a small space', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 8, max: 60 }), (seed, dsp) => {
      const network = runnable(seed, 3);
      const formed = formLayers(network);
      if (!formed.ok) return;
      const device = { ...deviceOf(seed), dsp, ports: 2 };
      const explorer = new Explorer(defaultMemory, 64, smallSpace);
      const result = explore(network, device, { explorer });
      const fixed = fixedResources(formed.layers.length);
      const budget = {
        dsp: device.dsp,
        bram18: device.bram18 - fixed.bram18,
        lut: Math.floor(usableLogic * device.lut) - fixed.lut,
        ff: Math.floor(usableLogic * device.ff) - fixed.ff,
      };
      let best = Number.POSITIVE_INFINITY;
      for (const partition of partitionsOf(formed.layers, device.ports, smallSpace)) {
        const { frames, contexts } = allocate(formed.layers, partition);
        const [left = [], right] = frames.map((frame, c) => {
          const space = explorer.chunkSpace(frame, contexts[c] ?? []);
          return legalOptions((k) => space.at(k), sizeOf(space));
        });
        for (const a of left)
          for (const b of right ?? [undefined]) {
            const resources = { ...a.resources };
            if (b !== undefined) {
              resources.dsp += b.resources.dsp;
              resources.bram18 += b.resources.bram18;
              resources.lut += b.resources.lut;
              resources.ff += b.resources.ff;
            }
            if (fitsIn(resources, budget))
              best = Math.min(best, Math.max(a.cycles, b?.cycles ?? 0) + BARRIER_CYCLES);
          }
      }
      expect(result.fits).toBe(best < Number.POSITIVE_INFINITY);
      if (result.fits) expect(result.epochCycles).toBe(best);
      else expect(Object.keys(result.missing).length).toBeGreaterThan(0);
    }),
    { numRuns: 20 },
  );
});

test('bounds and leanest designs of a chunk are those of all its designs', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { layers } = formedOf(runnable(seed, 3));
      const part = createRng(seed).pick([devices.zc706, devices.ecp5x85f, devices.ice40Up5k]);
      const rules = rulesOf(part);
      const explorer = new Explorer(defaultMemory, 64, smallSpace, rules);
      for (const partition of partitionsOf(layers, 2, smallSpace)) {
        const { frames, contexts } = allocate(layers, partition);
        frames.forEach((frame, c) => {
          const space = explorer.chunkSpace(frame, contexts[c] ?? []);
          // Bounds first: looking at designs raises them.
          const budget = { dsp: 40, bram18: 60, lut: 20_000, ff: 20_000 };
          const leastCycles = space.leastCycles(budget);
          const all = legalOptions((k) => space.at(k), sizeOf(space));
          const within = all.filter(({ resources }) => fitsIn(resources, budget));
          for (const { cycles } of within) expect(cycles).toBeGreaterThanOrEqual(leastCycles);
          for (const { cycles } of all.slice(0, 5)) {
            const fresh = new Explorer(defaultMemory, 64, smallSpace, rules);
            const same = fresh.chunkSpace(frame, contexts[c] ?? []);
            const least = same.least(cycles);
            const own = all.filter((option) => option.cycles <= cycles);
            for (const { resources } of own)
              expect(fitsIn(least ?? resources, resources)).toBe(true);
            for (const prices of [{ dsp: 1 }, { bram18: 1 }, { dsp: 1 / 220, lut: 1 / 53_200 }]) {
              const found = same.leanest(cycles, prices)?.resources;
              expect(found).toEqual(leanestOf(own, prices)?.resources);
            }
            expect(same.front(cycles)).toEqual(paretoOf([...own].sort(compareOptions)));
            const bounds = [{ dsp: 1 }, { dsp: 1 / 220, bram18: 1 / 280, lut: 1 / 53_200 }].map(
              (prices, b) => ({
                prices,
                limit: priceOf(prices, own.at(-1 - b)?.resources ?? noResources),
              }),
            );
            const open = own.filter(({ resources }) => isWithin(resources, bounds));
            expect(same.front(cycles, bounds)).toEqual(paretoOf(open.sort(compareOptions)));
          }
        });
      }
    }),
    { numRuns: 10 },
  );
});

test('one explorer for many networks gives what a new one gives', () => {
  const explorer = new Explorer(defaultMemory, 64);
  for (let seed = 0; seed < 8; seed++) {
    const network = runnable(seed, 4);
    const shared = explore(network, devices.pynqZ2, { explorer });
    const alone = explore(network, devices.pynqZ2);
    expect(shared.accelerator).toEqual(alone.accelerator);
  }
});

test('resources are compared in order', () => {
  const some = { dsp: 1, bram18: 9, lut: 9, ff: 9 };
  expect(compareResources(some, { ...some, dsp: 2, bram18: 0 })).toBeLessThan(0);
});

test('where nothing fits, the nearest design says what is missing', () => {
  const network = randomNetwork(createRng(3), {
    operators: 2,
    kinds: ['conv', 'depthwiseConv'],
    forms: ['half-up'],
  });
  const few = explore(network, { ...devices.pynqZ2, dsp: 3 });
  expect(few).toMatchObject({ fits: false, provenOptimal: false });
  expect(few.missing.dsp).toBeGreaterThan(0);
  expect(planDesign(network, few.accelerator).ok).toBe(true);
});

test('chunks that are more than the ports take turns at them', () => {
  const network = runnable(2, 5);
  const { layers } = formedOf(network);
  expect(new Set(layers.map(({ kind }) => kind)).size).toBe(2);
  const own = explore(network, devices.pynqZ2);
  const shared = explore(network, { ...devices.pynqZ2, ports: 1 });
  expect(shared).toMatchObject({ fits: true, missing: {}, provenOptimal: true });
  expect(shared.accelerator.chunks.map(({ port }) => port)).toEqual([0, 0]);
  expect(own.accelerator.chunks.every(({ port }) => port === undefined)).toBe(true);
  expect(shared.epochCycles).toBeGreaterThan(own.epochCycles);
});

// The least sum of cycles takes seconds to prove, on a machine that others use as well minutes.
test('faster objectives are not slower: each is best at its own', { timeout: 600_000 }, () => {
  for (const seed of [1, 2, 5]) {
    const network = runnable(seed, 5);
    const explorer = new Explorer(defaultMemory, 64);
    const frames = explore(network, devices.pynqZ2, { explorer });
    const latency = explore(network, devices.pynqZ2, { explorer, objective: 'latency' });
    expect(latency.latencyMilliseconds).toBeLessThanOrEqual(frames.latencyMilliseconds);
    expect(frames.epochCycles).toBeLessThanOrEqual(latency.epochCycles);
  }
});

test('weights and maps lie on chip where that pays, and nowhere else', () => {
  const network = runnable(8, 5);
  const kept = (memory: Memory) => {
    const result = explore(network, devices.zc706, { memory });
    expect(result).toMatchObject({ fits: true, provenOptimal: true });
    return result.accelerator.placements.map(({ weights, output }) => ({ weights, output }));
  };
  const slow = kept({ ...defaultMemory, readLatencyCycles: 60, beatCycles: 4 });
  expect(slow.some(({ weights }) => weights === 'resident')).toBe(true);
  expect(slow.some(({ output }) => output === 'chip')).toBe(true);
  // A memory as fast as the chip's own.
  for (const placement of kept(chipMemory))
    expect(placement).toEqual({ weights: undefined, output: undefined });
});

test("the paper's allocation has a chunk for each kind, width and size of map", () => {
  const network = autoNbaDemo.build();
  const { layers } = formedOf(network);
  const [groups = [], ...others] = partitionsOf(layers, 16, defaultSpace, 'paper');
  expect(others).toEqual([]);
  expect(groups.length).toBe(10);
  expect(groups.flat().sort((a, b) => a - b)).toEqual(layers.map((_, l) => l));
  for (const group of groups) {
    const own = group.map((l) => layers[l]);
    const bits = own.map((layer) => Math.max(layer?.input.bits ?? 0, layer?.weightBits ?? 0));
    expect(new Set(bits).size).toBe(1);
    expect(new Set(own.map((layer) => layer?.kind)).size).toBe(1);
  }
  expect(partitionsOf(layers, 9, defaultSpace, 'paper')).toEqual([]);
});

test('an average without an exact multiplier is refused before anything is explored', () => {
  const average = (size: number, bits: number): Network => {
    const net = new NetworkBuilder('average', [size, size, 8], {
      activationBits: bits,
      weightBits: 8,
    });
    net.globalAveragePool('pool');
    return net.build();
  };
  const inexact = [9, 10, 11, 12, 13].filter(
    (size) => averageScale(size * size, 0, 65_535) === undefined,
  );
  expect(inexact.length).toBeGreaterThan(0);
  for (const size of inexact)
    expect(() => explore(average(size, 16), devices.pynqZ2)).toThrow(
      `operator "pool": an average over ${size * size} values of 16 bits has no exact multiplier`,
    );
  expect(explore(average(4, 8), devices.pynqZ2).fits).toBe(true);
});
