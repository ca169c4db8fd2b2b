// Every figure of a complete design: cycles, frames per second, latency, resources, energy, per layer and chunk.

import type { Accelerator, Chunk, Tile } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import type { Network } from '../network/network.ts';
import type { Memory } from '../schedule/memory.ts';
import type { LayerPlan } from '../schedule/plan.ts';
import { portsOf } from '../schedule/ports.ts';
import { AutoNbaError, answerIsNo, defined } from '../util/errors.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import { type CycleSplit, splitLayers } from './cycle-split.ts';
import { planDesign, predict } from './design.ts';
import {
  checkRanking,
  type EnergyTable,
  FEMTO_PER_MILLI,
  layerFemtojoules,
  type RankingCheck,
} from './energy.ts';
import * as energyTables from './energy-tables/index.ts';
import { evaluatePlan } from './layer-evaluation.ts';
import { layerDescriptors, type ProgramRoom } from './memories.ts';
import { rulesOf } from './part-rules.ts';
import {
  acceleratorResources,
  fixedResources,
  missingOf,
  type ResourceName,
  type Resources,
} from './resources.ts';
import { areaFigure, areaUnits, type SiliconMissing, siliconMissing } from './silicon.ts';

/** One chunk's part in an estimate. */
export interface ChunkEstimate extends Chunk {
  /** Cycles of its layers in one epoch, descriptors included. */
  readonly cycles: number;
  readonly resources: Resources;
}

/** One layer's part in an estimate. */
export interface LayerEstimate {
  readonly name: string;
  readonly chunk: number;
  readonly cycles: number;
  readonly multiplyAccumulates: number;
  /** Of its cycles and the array's lanes. */
  readonly split: CycleSplit;
  readonly tile: Tile;
  readonly energyMillijoules: number;
}

/** An image's energy by another table. */
export interface EnergyCheck extends RankingCheck {
  readonly table: string;
  readonly energyMillijoules: number;
}

/** What `estimate` and `explore` answer, but for how it was found. Keys are fixed: scripts read them. */
export interface Estimate {
  readonly fits: boolean;
  /** By how much each resource is exceeded, memory ports too, area and energy of a chip; empty where everything fits. */
  readonly missing: Partial<Record<ResourceName | 'ports' | keyof SiliconMissing, number>>;
  readonly framesPerSecond: number;
  readonly epochCycles: number;
  readonly latencyMilliseconds: number;
  readonly energyMillijoules: number;
  readonly energyTable: EnergyTable;
  /** The same image by the other tables, and whether they rank the layers alike. */
  readonly energyChecks: readonly EnergyCheck[];
  /** Multipliers and memories on a chip, logic left out; only of devices that are one. */
  readonly areaMillimetres2?: number;
  /** Mean share of an FPGA's DSP blocks, block RAMs and LUTs; only of devices that are one. */
  readonly areaPercent?: number;
  /** DSP and block RAM are exact; LUT and FF fitted. */
  readonly resources: Resources;
  readonly chunks: readonly ChunkEstimate[];
  readonly layers: readonly LayerEstimate[];
}

/** Room that lowering will give each chunk for its layers' descriptors and tables. */
export function programRooms(
  plans: readonly LayerPlan[],
  accelerator: Accelerator,
): readonly ProgramRoom[] {
  return accelerator.chunks.map((_, c) => {
    const own = plans.filter((_plan, l) => accelerator.placements[l]?.chunk === c);
    const entries = own.reduce(
      (sum, { rows, columns, outputs, steps }) =>
        sum + rows.length + columns.length + outputs.length + steps.length,
      0,
    );
    return {
      layerCapacity: powerOfTwoFrom(2, layerDescriptors(own.length)),
      tableDepth: powerOfTwoFrom(16, entries),
    };
  });
}

/**
 * Estimates a complete accelerator. Cycles are those of `predict`, which simulation must equal.
 * @throws AutoNbaError (exit code 1) naming every rule the accelerator breaks
 */
export function estimate(
  network: Network,
  accelerator: Accelerator,
  device: Device,
  memory: Memory,
  energyTable: EnergyTable = energyTables.horowitz45nm,
): Estimate {
  const planned = planDesign(network, accelerator);
  if (!planned.ok)
    throw new AutoNbaError(
      `network "${network.name}" cannot run so: ${planned.problems.join('; ')}`,
      'change what is named, or let `autonba explore` find an accelerator',
      answerIsNo,
    );
  const prediction = predict(planned.plans, planned.delays, accelerator, memory);
  const rooms = programRooms(planned.plans, accelerator);
  const rules = rulesOf(device);
  const chunks = accelerator.chunks.map((chunk, c): ChunkEstimate => {
    const room = defined(rooms[c], 'room');
    return {
      ...chunk,
      cycles: prediction.chunkCycles[c] ?? 0,
      resources: rules.count(chunk, room, accelerator.busBits),
    };
  });
  const splits = splitLayers(planned.plans, accelerator, memory);
  const tables = [energyTable, ...Object.values(energyTables)];
  // Per layer and table, in femtojoules.
  const energies = planned.plans.map((plan) => {
    const { sums } = evaluatePlan(plan, memory);
    const { slotBits, weightBits } = plan.chunk;
    return tables.map((table) => layerFemtojoules(sums, slotBits, weightBits, table));
  });
  const columns = tables.map((_, t) => energies.map((layer) => layer[t] ?? 0));
  const [own = [], ...others] = columns;
  const totals = columns.map(
    (column) => column.reduce((sum, energy) => sum + energy, 0) / FEMTO_PER_MILLI,
  );
  const layers = planned.plans.map((plan, l): LayerEstimate => {
    const { chunk, cycles } = defined(prediction.layers[l], 'predicted layer');
    const split = defined(splits[l], 'split');
    return {
      name: plan.layer.name,
      chunk,
      cycles,
      multiplyAccumulates: split.useful,
      split,
      tile: plan.tile,
      energyMillijoules: (own[l] ?? 0) / FEMTO_PER_MILLI,
    };
  });
  const energyChecks = others.flatMap((column, t): EnergyCheck[] => {
    const table = tables[t + 1];
    if (table === undefined || table.name === energyTable.name) return [];
    const energyMillijoules = totals[t + 1] ?? 0;
    return [{ table: table.name, energyMillijoules, ...checkRanking(own, column) }];
  });
  const resources = acceleratorResources(accelerator, rooms, rules.count);
  const ports = portsOf(accelerator.chunks).length - device.ports;
  const { silicon } = device;
  const area = chunks.reduce(
    (sum, chunk) => sum + areaUnits(chunk, chunk.resources, device),
    areaUnits(undefined, fixedResources(layers.length), device),
  );
  const exceeded =
    silicon === undefined
      ? missingOf(resources, device)
      : siliconMissing(areaFigure(area, device), totals[0] ?? 0, silicon);
  const missing = { ...exceeded, ...(ports > 0 ? { ports } : {}) };
  const hertz = device.clockMegahertz * 1e6;
  return {
    fits: Object.keys(missing).length === 0,
    missing,
    framesPerSecond: hertz / prediction.epochCycles,
    epochCycles: prediction.epochCycles,
    latencyMilliseconds: (prediction.latencyCycles / hertz) * 1e3,
    energyMillijoules: totals[0] ?? 0,
    energyTable,
    energyChecks,
    ...(silicon === undefined
      ? { areaPercent: areaFigure(area, device) }
      : { areaMillimetres2: areaFigure(area, device) }),
    resources,
    chunks,
    layers,
  };
}
