// The accelerator axes (gamma of the paper): chunks, their arrays and buffers, and which layer runs where, in which tiles.

/** Bits one lane occupies in a memory beat; the smallest that holds the tensor's bits, or wider. */
export type SlotBits = 2 | 4 | 8 | 16;

export type ChunkKind = 'standard' | 'depthwise';

/** `dsp1`, `dsp2`, `dsp4`: so many products in one hardware multiplier. `lut`: partial products in logic. */
export type MultiplierStyle = 'dsp1' | 'dsp2' | 'dsp4' | 'lut';

/** Registers that shorten a chunk's paths, each one cycle more of a command (docs/hardware.md 3). */
export interface PipelineRegisters {
  /** Between buffers and multipliers, 0..2: behind the choice of a lane, then behind the buffers too. */
  readonly rotation: number;
  /** In the tree that adds a word's products, 0..4. */
  readonly adders: number;
  /** Behind the partial-sum memory, 0..1: in the array and in the store. */
  readonly sums: number;
  /** In each requantizer, 0..3. */
  readonly requantizer: number;
}

/** Most registers in each place. */
export const mostRegisters: PipelineRegisters = { rotation: 2, adders: 4, sums: 1, requantizer: 3 };

export const noRegisters: PipelineRegisters = { rotation: 0, adders: 0, sums: 0, requantizer: 0 };

/** The arithmetic of a chunk's requantizers (docs/hardware.md 1). */
export type RequantizationForm = 'half-up' | 'tflite';

/** `overlapped`: weights and parameters double-buffered, store overlapped. `paper`: only the input is. */
export type ScheduleOrder = 'overlapped' | 'paper';

/** Capacities in words of each buffer half (docs/hardware.md 3). */
export interface BufferWords {
  /** Per row bank and beat column: one word = one beat of the input. */
  readonly input: number;
  /** One word = one array word of weights, or several packed in a beat. */
  readonly weights: number;
  /** One word = the records of one requantizer step. */
  readonly parameters: number;
  /** One word = rows x outputs partial sums. */
  readonly accumulators: number;
  /** One word = one beat of the second add operand; 0 where the chunk cannot add. */
  readonly operand: number;
}

/** One sub-accelerator: a Pr x Pm x Pn output-stationary array with its buffers, run layer after layer. */
export interface Chunk {
  readonly name: string;
  readonly kind: ChunkKind;
  /** Output rows in parallel (Pr). */
  readonly rows: number;
  /** Output channels in parallel (Pm). */
  readonly outputs: number;
  /** Input channels in parallel (Pn); 1 for depthwise. */
  readonly inputs: number;
  /** Slot of the activations it reads. */
  readonly slotBits: SlotBits;
  /** Field width of its weights; layers may use fewer bits. */
  readonly weightBits: number;
  /** Requantizer lanes (Rq). */
  readonly requantizers: number;
  readonly multiplier: MultiplierStyle;
  readonly order: ScheduleOrder;
  readonly accumulatorBuffers: 1 | 2;
  readonly hasAdd: boolean;
  /** `half-up` where it is left out. */
  readonly form?: RequantizationForm | undefined;
  readonly buffers: BufferWords;
  /** Beats of on-chip memory for resident weights and maps; none where it is left out. */
  readonly chipWords?: number | undefined;
  /** Memory port, counted from 0; chunks of one port take turns beat by beat. Left out in all chunks: each has its own. */
  readonly port?: number | undefined;
  /** None where it is left out. */
  readonly pipeline?: PipelineRegisters | undefined;
}

/** Tile sizes in output rows, output columns, output channels, input channels. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly inputs: number;
  /** Sizes of the first tile of rows and of output channels where it is smaller, so that the array begins sooner. */
  readonly first?: { readonly rows: number; readonly outputs: number } | undefined;
}

/** Where one layer runs and how it is cut. */
export interface Placement {
  /** Name of the layer (of its first operator). */
  readonly layer: string;
  /** Index into `chunks`. */
  readonly chunk: number;
  readonly tile: Tile;
  /** `resident`: weights and records are copied on chip once, before the first image. `stream` where left out. */
  readonly weights?: 'stream' | 'resident' | undefined;
  /** `chip`: its output stays in the chunk's memory for later layers of the same chunk. `dram` where left out. */
  readonly output?: 'dram' | 'chip' | undefined;
}

/** A complete accelerator for one network. */
export interface Accelerator {
  readonly busBits: 32 | 64;
  readonly chunks: readonly Chunk[];
  /** One per layer, in execution order. */
  readonly placements: readonly Placement[];
}
