// One chunk of the released Auto-NBA space as a box of coordinates, so that every solver can walk it.

import {
  type CompatDesign,
  type CompatLayer,
  type CompatResources,
  compatCycles,
  compatResources,
} from '../cost/compat.ts';
import type { Resources } from '../cost/resources.ts';
import { unpacked } from './coordinates.ts';
import type { Figures } from './figures.ts';
import type { PriceBound, Prices } from './prices.ts';
import { type ChunkSpace, listSpace, type Option, sizeOf } from './problem.ts';

const powersUpTo = (largest: number): number[] =>
  Array.from({ length: Math.log2(largest) + 1 }, (_, k) => 2 ** k);

type Pair = readonly [buffer: number, parallel: number];

/** Pairs of a buffer and a parallelism that it holds. */
const pairsUpTo = (largest: number): readonly Pair[] =>
  powersUpTo(largest).flatMap((buffer) =>
    powersUpTo(buffer).map((parallel): Pair => [buffer, parallel]),
  );

/** Values of each coordinate of the released CIFAR space for one kind of chunk. */
interface Coordinates {
  readonly modes: readonly number[];
  readonly map: readonly Pair[];
  readonly outputs: readonly Pair[];
  readonly inputs: readonly Pair[];
}

/** Large maps have deep rows and few channels; the released demo fixes the mode to 1. */
function coordinatesFor(depthwise: boolean, large: boolean, fixedMode?: number): Coordinates {
  const outputs = pairsUpTo(large ? 8 : 32);
  const modes = depthwise ? [0, 1] : [0, 1, 2];
  return {
    modes: fixedMode === undefined ? modes : [fixedMode],
    map: pairsUpTo(large ? 16 : 4),
    outputs,
    inputs: depthwise ? [[1, 1]] : outputs,
  };
}

/** Layers that cost the same are worked out once. */
function distinctLayers(layers: readonly CompatLayer[]): { layer: CompatLayer; count: number }[] {
  const found = new Map<string, { layer: CompatLayer; count: number }>();
  for (const layer of layers) {
    const { name: _, ...rest } = layer;
    const key = JSON.stringify(rest);
    const known = found.get(key);
    if (known === undefined) found.set(key, { layer, count: 1 });
    else known.count++;
  }
  return [...found.values()];
}

/** All designs of one chunk under the released cost model; block RAM is counted as `bram18`. */
export class CompatChunkSpace implements ChunkSpace {
  /** Mode, rows, columns, outputs, inputs. */
  readonly shape: readonly number[];
  readonly #coordinates: Coordinates;
  readonly #layers: readonly { readonly layer: CompatLayer; readonly count: number }[];
  readonly #limits: CompatResources;
  #all: ChunkSpace | undefined;

  /** @param limits designs beyond them are in no front, as no accelerator holds them */
  constructor(
    layers: readonly CompatLayer[],
    kind: { readonly depthwise: boolean; readonly large: boolean },
    limits: CompatResources,
    fixedMode?: number,
  ) {
    this.#coordinates = coordinatesFor(kind.depthwise, kind.large, fixedMode);
    const { modes, map, outputs, inputs } = this.#coordinates;
    this.shape = [modes.length, map.length, map.length, outputs.length, inputs.length];
    this.#layers = distinctLayers(layers);
    this.#limits = limits;
  }

  designAt(index: number): CompatDesign {
    const [mode = 0, row = 0, column = 0, output = 0, input = 0] = unpacked(this.shape, index);
    const { modes, map, outputs, inputs } = this.#coordinates;
    const [bufferRows, rows] = map[row] ?? [1, 1];
    const [bufferColumns, columns] = map[column] ?? [1, 1];
    const [bufferOutputs, parallelOutputs] = outputs[output] ?? [1, 1];
    const [bufferInputs, parallelInputs] = inputs[input] ?? [1, 1];
    return {
      mode: modes[mode] ?? 0,
      bufferRows,
      bufferColumns,
      bufferOutputs,
      bufferInputs,
      rows,
      columns,
      outputs: parallelOutputs,
      inputs: parallelInputs,
    };
  }

  at(index: number): Option {
    const design = this.designAt(index);
    let dsp = 0;
    let bram18 = 0;
    let cycles = 0;
    for (const { layer, count } of this.#layers) {
      const needed = compatResources(design, layer);
      dsp = Math.max(dsp, needed.dsp);
      bram18 = Math.max(bram18, needed.bram);
      cycles += count * compatCycles(design, layer);
    }
    return { cycles, resources: { dsp, bram18, lut: 0, ff: 0 }, index };
  }

  front(cyclesAtMost: number, bounds: readonly PriceBound[] = []): readonly Option[] {
    return this.#list.front(cyclesAtMost, bounds);
  }

  leanest(cyclesAtMost: number, prices: Prices): Option | undefined {
    return this.#list.leanest(cyclesAtMost, prices);
  }

  least(cyclesAtMost: number): Resources | undefined {
    return this.#list.least(cyclesAtMost);
  }

  leastCycles(budget: Resources): number {
    return this.#list.leastCycles(budget);
  }

  leastFigures(isOpen: (figures: Figures) => boolean): Figures | undefined {
    return this.#list.leastFigures(isOpen);
  }

  select(isOpen: (figures: Figures) => boolean): readonly Option[] {
    return this.#list.select(isOpen);
  }

  /** The fastest design for each amount of DSP and memory. */
  get #list(): ChunkSpace {
    if (this.#all !== undefined) return this.#all;
    const fastest = new Map<string, Option>();
    for (let index = 0; index < sizeOf(this); index++) {
      const option = this.at(index);
      const { dsp, bram18 } = option.resources;
      if (dsp > this.#limits.dsp || bram18 > this.#limits.bram) continue;
      const key = `${dsp} ${bram18}`;
      const known = fastest.get(key);
      if (known === undefined || option.cycles < known.cycles) fastest.set(key, option);
    }
    this.#all = listSpace([...fastest.values()]);
    return this.#all;
  }
}
