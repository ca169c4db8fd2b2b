// Which layers share a chunk: the paper's groups {standard, depthwise} x {bits} x {large maps, small maps}, and their merges.

import type { ChunkKind, SlotBits } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { smallestSlot } from '../schedule/slots.ts';
import type { Space } from './space.ts';

/** Layers that always share a chunk, as indices in execution order. */
export interface Group {
  readonly key: string;
  readonly kind: ChunkKind;
  readonly layers: readonly number[];
}

/** One way to share chunks out: the layers of each chunk. */
export type Partition = readonly (readonly number[])[];

/** The slot that holds both a layer's input and its weights: what decides how its products are made. */
export function bitsClass(layer: Layer): SlotBits {
  return smallestSlot(Math.max(layer.input.bits, layer.weightBits));
}

const isLarge = (layer: Layer, space: Space): boolean => layer.outputShape[0] >= space.largeMapRows;

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
  const groups = new Map<string, { kind: ChunkKind; layers: number[] }>();
  layers.forEach((layer, l) => {
    const key = rule(layer, space);
    const group = groups.get(key) ?? { kind: layer.kind, layers: [] };
    group.layers.push(l);
    groups.set(key, group);
  });
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

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

function mergesOf(groups: readonly Group[], kind: ChunkKind, blocks: number): Partition[] {
  const own = groups.filter((group) => group.kind === kind);
  return setPartitions(own, blocks).map((parts) =>
    parts.map((part) => part.flatMap((group) => group.layers).sort((a, b) => a - b)),
  );
}

/**
 * Every way to merge the groups into at most `chunks` chunks of one kind each, by the finest rule that leaves no more
 * than the space's limit. Empty where there are fewer chunks than kinds.
 */
export function partitionsOf(layers: readonly Layer[], chunks: number, space: Space): Partition[] {
  let found: Partition[] = [];
  for (const rule of rules) {
    const groups = groupBy(layers, space, rule);
    const standard = mergesOf(groups, 'standard', chunks);
    const depthwise = mergesOf(groups, 'depthwise', chunks);
    found = standard.flatMap((left) =>
      depthwise
        .filter((right) => left.length + right.length <= chunks)
        .map((right) => [...left, ...right].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))),
    );
    if (found.length <= space.maxPartitions) break;
  }
  return found.sort((left, right) => left.length - right.length);
}
