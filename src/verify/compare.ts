// Simulated against predicted: the first tensor element, or the first command, that differs.

import { unpackTensor } from '../lower/pack.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { type Command, type ReadKind, schedule } from '../schedule/commands.ts';
import { timeline } from '../schedule/longest-path.ts';
import type { Memory } from '../schedule/memory.ts';
import { chunkMemories } from '../schedule/ports.ts';
import { defined } from '../util/errors.ts';
import type { CaseResult } from './simulator.ts';

/** Where RTL and integer model first differ. */
export interface Mismatch {
  readonly layer: string;
  readonly image: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
  readonly expected: number;
  readonly got: number;
}

/** Turns the harness's first differing byte into channel, row and column. */
export function locateMismatch(
  plan: HardwarePlan,
  found: CaseResult['firstMismatch'],
): Mismatch | null {
  if (found === null) return null;
  const layer = plan.layers[found.layer]?.plan.layer;
  const place = plan.places.find((candidate) => candidate.tensor.name === layer?.output.name);
  if (layer === undefined || place === undefined)
    throw new Error(`no layer ${found.layer} in the plan`);
  const bytesPerBeat = plan.busBits / 8;
  const beat = Math.floor(found.byte / bytesPerBeat);
  const [rows, columns] = place.tensor.shape;
  const block = Math.floor(beat / (rows * columns));
  const pixel = beat % (rows * columns);
  const lanes = plan.busBits / place.slotBits;
  const one = { ...place.tensor, shape: [1, 1, lanes] as const };
  const expected = unpackTensor(one, Uint8Array.from(found.expected), place.slotBits, plan.busBits);
  const got = unpackTensor(one, Uint8Array.from(found.got), place.slotBits, plan.busBits);
  const lane = Math.max(
    0,
    expected.findIndex((value, k) => value !== got[k]),
  );
  return {
    layer: layer.name,
    image: found.image,
    channel: block * lanes + lane,
    row: Math.floor(pixel / columns),
    column: pixel % columns,
    expected: expected[lane] ?? 0,
    got: got[lane] ?? 0,
  };
}

/** The first command whose start or end differs from the schedule's. */
export interface CommandMismatch {
  readonly layer: string;
  readonly command: string;
  readonly predictedStart: number;
  readonly predictedEnd: number;
  readonly simulatedStart: number;
  readonly simulatedEnd: number;
}

const unitNames = ['read', 'array', 'store'] as const;
const readKinds: readonly ReadKind[] = ['input', 'weights', 'parameters', 'operand'];
const RECORD_WORDS = 8;

/** Commands of one layer run, as the harness recorded them, against the schedule; null where all are equal. */
export function compareCommands(
  plan: HardwarePlan,
  layerIndex: number,
  memory: Memory,
  records: Uint32Array,
): CommandMismatch | null {
  const lowered = plan.layers[layerIndex];
  if (lowered === undefined) throw new Error(`no layer ${layerIndex} in the plan`);
  const memories = chunkMemories(
    plan.chunks.map(({ chunk }) => chunk),
    memory,
  );
  const commands = schedule(lowered.plan, defined(memories[lowered.chunk], 'a memory'));
  const intervals = timeline(commands);
  const name = lowered.plan.layer.name;
  const queues = unitNames.map((unit) =>
    commands.flatMap((command: Command, k) =>
      command.unit === unit ? [{ command, interval: intervals[k] }] : [],
    ),
  );
  const next = [0, 0, 0];
  for (let at = 0; at < records.length; at += RECORD_WORDS) {
    const unit = records[at + 4] ?? 0;
    const simulatedStart = records[at + 6] ?? 0;
    const simulatedEnd = records[at + 7] ?? 0;
    const position = next[unit] ?? 0;
    next[unit] = position + 1;
    const want = queues[unit]?.[position];
    const kind = unit === 0 ? readKinds[records[at + 5] ?? 0] : unitNames[unit];
    const label = `${unitNames[unit]} ${position} (${kind})`;
    const predictedStart = want?.interval?.startCycle ?? -1;
    const predictedEnd = want?.interval?.endCycle ?? -1;
    if (predictedStart !== simulatedStart || predictedEnd !== simulatedEnd)
      return {
        layer: name,
        command: label,
        predictedStart,
        predictedEnd,
        simulatedStart,
        simulatedEnd,
      };
  }
  const missing = queues.findIndex((queue, unit) => queue.length !== next[unit]);
  if (missing < 0) return null;
  const position = next[missing] ?? 0;
  const interval = queues[missing]?.[position]?.interval;
  return {
    layer: name,
    command: `${unitNames[missing]} ${position} was never executed`,
    predictedStart: interval?.startCycle ?? -1,
    predictedEnd: interval?.endCycle ?? -1,
    simulatedStart: -1,
    simulatedEnd: -1,
  };
}
