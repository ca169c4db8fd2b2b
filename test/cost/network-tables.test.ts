import { expect, test } from 'vitest';
import type { Accelerator } from '../../src/accelerator/accelerator.ts';
import { zc706 } from '../../src/accelerator/devices/index.ts';
import { planDesign, predict } from '../../src/cost/design.ts';
import { layerFemtojoules } from '../../src/cost/energy.ts';
import { horowitz45nm } from '../../src/cost/energy-tables/index.ts';
import { estimate, programRooms } from '../../src/cost/estimate.ts';
import { evaluatePlan } from '../../src/cost/layer-evaluation.ts';
import { NetworkFigures, NetworkTables } from '../../src/cost/network-tables.ts';
import { chunkResources, fixedResources } from '../../src/cost/resources.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { defined } from '../../src/util/errors.ts';
import { tinyDesign } from '../synth/tiny-directory.ts';

test('every choice of designs comes to what it is predicted to come to', () => {
  const { network, accelerator } = tinyDesign;
  // Each chunk as it is, with two rows, and in the paper's order.
  const variants = accelerator.chunks.map((chunk) => [
    chunk,
    { ...chunk, rows: 2 },
    { ...chunk, order: 'paper' as const },
  ]);
  const acceleratorOf = (choice: readonly number[]): Accelerator => ({
    ...accelerator,
    chunks: choice.map((d, c) => defined(variants[c]?.[d], 'variant')),
  });
  const plansOf = (made: Accelerator) => {
    const planned = planDesign(network, made);
    if (!planned.ok) throw new Error(planned.problems.join());
    return planned;
  };
  const uniform = [0, 1, 2].map((d) => plansOf(acceleratorOf([d, d])).plans);
  const rooms = programRooms(defined(uniform[0], 'plans'), accelerator);
  const tables = new NetworkTables(
    variants.map((designs, c) => {
      const own = accelerator.placements.flatMap((placement, l) =>
        placement.chunk === c ? [l] : [],
      );
      const figures = own.map((l) =>
        designs.map((_, d) => {
          const plan = defined(uniform[d]?.[l], 'plan');
          const { cycles, sums } = evaluatePlan(plan, defaultMemory);
          const { slotBits, weightBits } = plan.chunk;
          return {
            cycles,
            picojoules: layerFemtojoules(sums, slotBits, weightBits, horowitz45nm) / 1e3,
          };
        }),
      );
      return {
        resources: designs.map((chunk) =>
          chunkResources(chunk, defined(rooms[c], 'room'), accelerator.busBits),
        ),
        cycles: figures.map((row) => row.map(({ cycles }) => cycles)),
        picojoules: figures.map((row) => row.map(({ picojoules }) => picojoules)),
        counts: own.map(() => 1),
      };
    }),
    fixedResources(accelerator.placements.length),
  );
  const figures = new NetworkFigures();
  for (const choice of [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b]))) {
    const made = acceleratorOf(choice);
    const { plans, delays } = plansOf(made);
    const predicted = predict(plans, delays, made, defaultMemory);
    const { resources, energyMillijoules } = estimate(network, made, zc706, defaultMemory);
    tables.evaluate(choice, 0, figures);
    const { epochCycles, latencyCycles, picojoules, dsp, bram18, lut, ff } = figures;
    expect({ epochCycles, latencyCycles }).toEqual({
      epochCycles: predicted.epochCycles,
      latencyCycles: predicted.latencyCycles,
    });
    expect({ dsp, bram18, lut, ff }).toEqual(resources);
    expect(picojoules / 1e9).toBeCloseTo(energyMillijoules, 12);
  }
});
