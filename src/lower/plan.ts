// What lowering hands to emission and verification: every width and address is a number, no target appears.

import type { Chunk, SlotBits } from '../accelerator/accelerator.ts';
import type { Prediction } from '../cost/design.ts';
import type { Tensor } from '../network/network.ts';
import type { LayerPlan } from '../schedule/plan.ts';

/** Memory is four regions, each with its own base register. */
export const REGIONS = { weights: 0, activations: 1, input: 2, output: 3 } as const;
export type Region = keyof typeof REGIONS;

/** Where a tensor lives: image i at `offset + ((i & ringMask) << ringShift)` beats of its region. */
export interface TensorPlace {
  readonly tensor: Tensor;
  readonly slotBits: SlotBits;
  readonly region: Region;
  readonly offsetBeats: number;
  /** Beats of one image. */
  readonly beats: number;
  readonly ringShift: number;
  readonly ringMask: number;
  /** Chunk in whose on-chip memory it lies (then offsetBeats counts from there), or null. */
  readonly chip: number | null;
}

/** A module parameter set of nba_chunk. */
export interface ChunkHardware {
  readonly chunk: Chunk;
  /** Bit k: the chunk writes, or adds, slots of 2^(k+1) bits. */
  readonly outputSlots: number;
  readonly operandSlots: number;
  readonly layerCapacity: number;
  readonly tableDepth: number;
}

/** One 32-bit word for the program window: memory 0 descriptor, 1 read, 2 array, 3 store tables. */
export interface ProgramWord {
  readonly chunk: number;
  readonly memory: 0 | 1 | 2 | 3;
  readonly word: number;
  readonly value: number;
}

/** One layer as it was lowered. */
export interface LoweredLayer {
  readonly plan: LayerPlan;
  readonly chunk: number;
  readonly delay: number;
  readonly weightOffsetBeats: number;
  readonly parameterOffsetBeats: number;
}

/** The whole machine and everything it must be given before it runs. */
export interface HardwarePlan {
  readonly name: string;
  /** SHA-256 of the design, hexadecimal. */
  readonly hash: string;
  /** SHA-256 of what shapes the netlist: designs that share it share a simulator. */
  readonly netlistHash: string;
  readonly busBits: 32 | 64;
  readonly chunks: readonly ChunkHardware[];
  readonly layers: readonly LoweredLayer[];
  readonly places: readonly TensorPlace[];
  readonly regionBeats: Readonly<Record<Region, number>>;
  readonly program: readonly ProgramWord[];
  readonly layersPerChunk: readonly number[];
  /** Whether a prologue must copy weights on chip before the first image. */
  readonly hasPrologue: boolean;
  /** Chunk of each layer, in execution order. */
  readonly order: readonly number[];
  readonly depth: number;
  /** Packed weights and requantization records: the weights region. */
  readonly weights: Uint8Array;
  readonly prediction: Prediction;
}
