import { expect, test } from 'vitest';
import * as devices from '../../src/accelerator/devices/index.ts';
import { formLayers } from '../../src/accelerator/layers.ts';
import { horowitz45nm } from '../../src/cost/energy-tables/index.ts';
import { rulesOf } from '../../src/cost/part-rules.ts';
import { allocate } from '../../src/explore/allocation.ts';
import { explore } from '../../src/explore/explore.ts';
import { Explorer } from '../../src/explore/explorer.ts';
import { type Figures, objectives, objectiveValue } from '../../src/explore/figures.ts';
import { partitionsOf } from '../../src/explore/groups.ts';
import { figuresOf, type Option, sizeOf } from '../../src/explore/problem.ts';
import { exhaustive } from '../../src/explore/solvers/index.ts';
import type { Space } from '../../src/explore/space.ts';
import type { Network } from '../../src/network/network.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { createRng } from '../../src/util/rng.ts';
import { smallSpace } from './small-space.ts';

/** With tiles among which the fastest are not the leanest. */
const tinySpace: Space = { ...smallSpace, rowParts: [1, 2, 3], inputParts: [1, 2] };

function runnable(seed: number, operators: number): Network {
  for (let draw = 0; ; draw++) {
    const network = randomNetwork(createRng(`${seed} ${draw}`), {
      operators,
      kinds: ['conv', 'depthwiseConv', 'fullyConnected', 'add'],
      maxSize: 12,
      maxChannels: 24,
      maxKernel: 3,
      forms: ['half-up'],
    });
    if (formLayers(network).ok) return network;
  }
}

test.each([devices.zc706, devices.asic45nm])(
  'bounds and selections of a weighed chunk are those of all its designs, $summary',
  (device) => {
    let selected = 0;
    for (let seed = 0; seed < 6; seed++) {
      const formed = formLayers(runnable(seed, 3));
      if (!formed.ok) throw new Error(formed.reason);
      const weighing = { energyTable: horowitz45nm, device };
      const explorer = new Explorer(defaultMemory, 64, tinySpace, rulesOf(device), weighing);
      for (const partition of partitionsOf(formed.layers, 2, tinySpace)) {
        const { frames, contexts } = allocate(formed.layers, partition);
        for (const [c, frame] of frames.entries()) {
          const space = explorer.chunkSpace(frame, contexts[c] ?? []);
          const all: Option[] = [];
          for (let k = 0; k < sizeOf(space); k++) {
            const option = space.at(k);
            if (option !== undefined) all.push(option);
          }
          const middle = figuresOf(all[Math.floor(all.length / 2)] as Option);
          for (const name of objectives) {
            const limit = objectiveValue(name, middle);
            const isOpen = (figures: Figures) => objectiveValue(name, figures) <= limit;
            const fresh = new Explorer(defaultMemory, 64, tinySpace, rulesOf(device), weighing);
            const same = fresh.chunkSpace(frame, contexts[c] ?? []);
            const own = all.filter((option) => isOpen(figuresOf(option)));
            const least = same.leastFigures(isOpen);
            for (const option of own)
              for (const [figure, value] of Object.entries(figuresOf(option)))
                expect(least?.[figure as keyof Figures]).toBeLessThanOrEqual(value);
            const byIndex = (left: Option, right: Option) => left.index - right.index;
            const found = [...same.select(isOpen)].sort(byIndex);
            expect(found).toEqual(own);
            selected += found.length;
          }
        }
      }
    }
    expect(selected).toBeGreaterThan(1000);
  },
);

test('exact equals exhaustive on whole networks, for every objective', () => {
  const oneChunk = { ...devices.pynqZ2, ports: 1 };
  for (let seed = 0; seed < 4; seed++) {
    const network = runnable(seed, 1);
    for (const objective of objectives) {
      const options = { objective, space: tinySpace };
      const {
        seconds: _,
        evaluations: __,
        accelerator: ___,
        ...proven
      } = explore(network, oneChunk, options);
      const all = explore(network, oneChunk, { ...options, solver: exhaustive });
      expect(proven).toMatchObject({ fits: true, provenOptimal: true });
      for (const figure of [
        'energyMillijoules',
        'latencyMilliseconds',
        'epochCycles',
        'areaPercent',
        'resources',
      ] as const) {
        const isAsked =
          {
            energy: 'energyMillijoules',
            latency: 'latencyMilliseconds',
            throughput: 'epochCycles',
            area: 'areaPercent',
          }[objective as string] === figure;
        if (isAsked || figure === 'resources') expect(proven[figure]).toEqual(all[figure]);
      }
      if (objective === 'edp')
        expect(proven.energyMillijoules * proven.latencyMilliseconds).toBe(
          all.energyMillijoules * all.latencyMilliseconds,
        );
    }
  }
});
