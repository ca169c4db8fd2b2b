// Which layers share a chunk: the paper's groups {standard, depthwise} x {bits} x {large maps, small maps}, and their merges.

import type { RequantizationForm, SlotBits } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { smallestSlot } from '../schedule/slots.ts';
import type { Space } from './space.ts';

/** Layers that always share a chunk, as indices in execution order. */
export interface Group {
  readonly key: string;
  /** Groups of one family may share a chunk: one kind, one form of requantization. */
  readonly family: string;
  readonly layers: readonly number[];
}

/** One way to share chunks out: the layers of each chunk. */
export type Partition = readonly (readonly number[])[];

/** The slot that holds both a layer's input and its weights: what decides how its products are made. */
export function bitsClass(layer: Layer): SlotBits {
  return smallestSlot(Math.max(layer.input.bits, layer.weightBits));
}

const isLarge = (layer: Layer, space: Space): boolean => layer.outputShape[0] >= space.largeMapRows;

/** The arithmetic that layers state for their requantization; undefined where none does. */
export function formOf(layers: readonly Layer[]): RequantizationForm | undefined {
  for (const { parameters, add } of layers) {
    const form = parameters?.requantization.form ?? add?.requantization.form;
    if (form !== undefined) return form;
  }
  return undefined;
}

/** The group of a layer by the paper's rule. */
export const groupKey = (layer: Layer, space: Space): string =>
  `${layer.kind} ${bitsClass(layer)} ${isLarge(layer, space) ? 'large' : 'small'}`;

/** From the paper's rule to ever coarser ones, for networks with too many groups to merge in every way. */
const rules: readonly ((layer: Layer, space: Space) => string)[] = [
  groupKey,
  (layer) => `${layer.kind} ${bitsClass(layer)}`,
  (layer) => layer.kind,
];

function groupBy(layers: readonly Layer[], space: Space, rule: (typeof rules)[number]): Group[] {
  const groups = new Map<string, { family: string; layers: number[] }>();
  const common = formOf(layers);
  layers.forEach((layer, l) => {
    const family = `${layer.kind} ${formOf([layer]) ?? common}`;
    const key = `${rule(layer, space)} ${family}`;
    const group = groups.get(key) ?? { family, layers: [] };
    group.layers.push(l);
    groups.set(key, group);
  });
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

/**
 * Which layers share a chunk. `paper`: those of one kind, one width and one size of map, each group on a chunk of its
 * own. `merge`: groups may be merged in every way, down to one chunk of each kind.
 */
export const allocations = ['merge', 'paper'] as const;
export type Allocation = (typeof allocations)[number];

/** The paper's own rule: widths as they are, not the slots that hold them. */
const paperKey: (typeof rules)[number] = (layer, space) =>
  `${layer.kind} ${Math.max(layer.input.bits, layer.weightBits)} ${isLarge(layer, space) ? 'large' : 'small'}`;

/** All ways to split a list into at most `blocks` parts, fewest parts first. */
export function setPartitions<T>(items: readonly T[], blocks: number): T[][][] {
  let partitions: T[][][] = [[]];
  for (const item of items)
    partitions = partitions.flatMap((parts) => [
      ...parts.map((_, k) => parts.map((part, j) => (j === k ? [...part, item] : part))),
      ...(parts.length < blocks ? [[...parts, [item]]] : []),
    ]);
  return partitions.sort((left, right) => left.length - right.length);
}

/** All ways to merge groups of one family. */
function mergesOf(groups: readonly Group[], blocks: number): Partition[] {
  return setPartitions(groups, blocks).map((parts) =>
    parts.map((part) => part.flatMap((group) => group.layers).sort((a, b) => a - b)),
  );
}

/** Chunks that an allocation needs at least. */
export function fewestChunks(
  layers: readonly Layer[],
  space: Space,
  allocation: Allocation = 'merge',
): number {
  const groups = groupBy(layers, space, allocation === 'paper' ? paperKey : groupKey);
  return allocation === 'paper' ? groups.length : new Set(groups.map(({ family }) => family)).size;
}

/**
 * Every way to merge the groups into at most `chunks` chunks of one family each, by the finest rule that leaves no more
 * than the space's limit. Empty where there are fewer chunks than families.
 */
export function partitionsOf(
  layers: readonly Layer[],
  chunks: number,
  space: Space,
  allocation: Allocation = 'merge',
): Partition[] {
  if (allocation === 'paper') {
    const groups = groupBy(layers, space, paperKey);
    return groups.length <= chunks ? [groups.map((group) => group.layers)] : [];
  }
  let found: Partition[] = [];
  for (const rule of rules) {
    const groups = groupBy(layers, space, rule);
    const families = [...new Set(groups.map((group) => group.family))];
    found = [[]];
    for (const family of families) {
      const merges = mergesOf(
        groups.filter((group) => group.family === family),
        chunks,
      );
      found = found.flatMap((left) =>
        merges
          .filter((right) => left.length + right.length <= chunks)
          .map((right) => [...left, ...right]),
      );
    }
    if (found.length <= space.maxPartitions) break;
  }
  return found
    .map((parts) => [...parts].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)))
    .sort((left, right) => left.length - right.length);
}
