// The container that sim/harness reads: programs, memory images, inputs and the tensors expected, case after case.

import { packTensor } from '../lower/pack.ts';
import type { Region } from '../lower/plan.ts';
import { type HardwarePlan, REGIONS, type TensorPlace } from '../lower/plan.ts';
import type { Memory } from '../schedule/memory.ts';

export type Mode = 'latency' | 'throughput';

/** One run of the harness. */
export interface SimulationCase {
  readonly plan: HardwarePlan;
  readonly mode: Mode;
  readonly memory: Memory;
  readonly images: number;
  /** Values of every tensor by the integer model, images stacked, [image][row][column][channel]. */
  readonly tensors: ReadonlyMap<string, Int32Array>;
  /** A run longer than this has failed. */
  readonly limitCycles: number;
}

const MAGIC = 0x4341424e;
/** Tensors in the on-chip memory of chunk c have region CHIP_REGION + c. */
const CHIP_REGION = 16;
const ORDER_CHUNK = 15;
/** Byte address of a word of the program window: {1, chunk 4, memory 2, word 15, 00}. */
const windowAddress = (chunk: number, memory: number, word: number): number =>
  0x80_0000 + chunk * 2 ** 19 + memory * 2 ** 17 + word * 4;
const LAYERS_ADDRESS = 0x080;
const ORDER_LENGTH_ADDRESS = 0x040;

/** Register writes that load a design's program. */
export function programWrites(
  plan: HardwarePlan,
): readonly (readonly [address: number, data: number])[] {
  return [
    ...plan.program.map(
      ({ chunk, memory, word, value }) => [windowAddress(chunk, memory, word), value] as const,
    ),
    ...plan.layersPerChunk.map((layers, c) => [LAYERS_ADDRESS + 4 * c, layers] as const),
    ...plan.order.map((chunk, k) => [windowAddress(ORDER_CHUNK, 0, k), chunk] as const),
    [ORDER_LENGTH_ADDRESS, plan.order.length] as const,
  ];
}

/** All images of a tensor as they lie in memory, one after the other. */
function packImages(
  place: TensorPlace,
  values: Int32Array,
  images: number,
  busBits: number,
): Uint8Array {
  const elements = place.tensor.shape[0] * place.tensor.shape[1] * place.tensor.shape[2];
  const bytesPerImage = (place.beats * busBits) / 8;
  const bytes = new Uint8Array(bytesPerImage * images);
  for (let image = 0; image < images; image++) {
    const slice = values.subarray(image * elements, (image + 1) * elements);
    bytes.set(packTensor(place.tensor, slice, place.slotBits, busBits), image * bytesPerImage);
  }
  return bytes;
}

class WordWriter {
  readonly #parts: Uint8Array[] = [];

  words(...values: readonly number[]): void {
    this.#parts.push(new Uint8Array(Uint32Array.from(values).buffer));
  }

  bytes(bytes: Uint8Array): void {
    this.words(bytes.length);
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    this.#parts.push(padded);
  }

  finish(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

function writeCase(out: WordWriter, simulation: SimulationCase): void {
  const { plan, mode, memory, images, tensors } = simulation;
  out.words(mode === 'latency' ? 0 : 1, images, plan.depth, plan.hasPrologue ? 1 : 0);
  out.words(
    memory.readLatencyCycles,
    memory.beatCycles,
    memory.outstandingBursts,
    memory.writeLatencyCycles,
    simulation.limitCycles,
  );
  for (const region of Object.keys(REGIONS) as Region[]) {
    const copies = region === 'input' || region === 'output' ? images : 1;
    out.words(plan.regionBeats[region] * copies);
  }
  const writes = programWrites(plan);
  out.words(writes.length, ...writes.flat());
  out.bytes(plan.weights);
  const valuesOf = (name: string): Int32Array => {
    const values = tensors.get(name);
    if (values === undefined) throw new Error(`the integer model gave no tensor "${name}"`);
    return values;
  };
  const input = plan.places.find((place) => place.region === 'input');
  if (input === undefined) throw new Error('the plan has no input tensor');
  out.words(input.ringShift, input.beats);
  out.bytes(packImages(input, valuesOf(input.tensor.name), images, plan.busBits));
  out.words(plan.layers.length);
  plan.layers.forEach((layer, l) => {
    const place = plan.places.find(
      (candidate) => candidate.tensor.name === layer.plan.layer.output.name,
    );
    if (place === undefined) throw new Error(`layer ${l} has no place for its output`);
    out.words(
      l,
      place.chip === null ? REGIONS[place.region] : CHIP_REGION + place.chip,
      place.offsetBeats,
      place.ringShift,
      place.ringMask,
      place.beats,
      layer.delay,
    );
    out.bytes(packImages(place, valuesOf(place.tensor.name), images, plan.busBits));
  });
}

/** The container's bytes. */
export function encodeCases(cases: readonly SimulationCase[]): Uint8Array {
  const out = new WordWriter();
  out.words(MAGIC, cases.length);
  for (const simulation of cases) writeCase(out, simulation);
  return out.finish();
}
