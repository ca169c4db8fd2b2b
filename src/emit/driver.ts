// The drivers of a generated design: a header of its figures, the C driver and the Python driver.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HardwarePlan, TensorPlace } from '../lower/plan.ts';
import { projectRoot } from '../util/paths.ts';
import { moduleNames } from './netlist.ts';
import { registerMap } from './registers.ts';
import { defineTemplate } from './template.ts';

interface TensorView {
  readonly name: 'INPUT' | 'OUTPUT';
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly laneBits: number;
  readonly signed: 0 | 1;
  readonly zeroPoint: number;
  /** From one image to the next. */
  readonly imageBytes: number;
}

const renderHeader = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly registers: readonly { readonly name: string; readonly offset: string }[];
  readonly hashHigh: string;
  readonly hashLow: string;
  readonly chunkCount: number;
  readonly busBytes: number;
  readonly depth: number;
  readonly hasPrologue: 0 | 1;
  readonly weightsBytes: number;
  readonly activationsBytes: number;
  readonly tensors: readonly TensorView[];
}>('driver/nba_design.h.hbs');

function tensorView(plan: HardwarePlan, region: 'input' | 'output'): TensorView {
  const place = plan.places.find((candidate: TensorPlace) => candidate.region === region);
  if (place === undefined) throw new Error(`the plan has no ${region} tensor`);
  const [rows, columns, channels] = place.tensor.shape;
  return {
    name: region === 'input' ? 'INPUT' : 'OUTPUT',
    rows,
    columns,
    channels,
    laneBits: place.slotBits,
    signed: place.tensor.signed ? 1 : 0,
    zeroPoint: place.tensor.zeroPoint,
    imageBytes: (2 ** place.ringShift * plan.busBits) / 8,
  };
}

/** Folder here -> file -> folder there. */
const copied = [
  ['hw/driver', 'nba.h', 'driver'],
  ['hw/driver', 'nba.c', 'driver'],
  ['hw/driver', 'nba.py', 'driver'],
  ['sim/harness', 'driver_host.hpp', 'tb'],
  ['sim/harness', 'driver_main.cpp', 'tb'],
] as const;

/** Driver files, and what runs the C driver on the simulated design, by path. */
export function driverFiles(plan: HardwarePlan): ReadonlyMap<string, string> {
  const bytes = (beats: number) => (beats * plan.busBits) / 8;
  const header = renderHeader({
    designName: moduleNames(plan).wrapper,
    hash: plan.hash,
    registers: registerMap(plan.chunks.length).map(({ name, offset }) => ({
      name,
      offset: offset.toString(16).padStart(3, '0'),
    })),
    hashHigh: plan.hash.slice(0, 8),
    hashLow: plan.hash.slice(8, 16),
    chunkCount: plan.chunks.length,
    busBytes: plan.busBits / 8,
    depth: plan.depth,
    hasPrologue: plan.hasPrologue ? 1 : 0,
    weightsBytes: bytes(plan.regionBeats.weights),
    activationsBytes: bytes(plan.regionBeats.activations),
    tensors: [tensorView(plan, 'input'), tensorView(plan, 'output')],
  });
  const texts = copied.map(
    ([from, name, to]) =>
      [`${to}/${name}`, readFileSync(join(projectRoot, from, name), 'utf8')] as const,
  );
  return new Map([['driver/nba_design.h', header], ...texts]);
}
