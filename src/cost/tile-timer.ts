// The fast path: cycles of one layer cut one way, on any array, without making its commands.
//
// What does not depend on the array (rectangles, bursts, durations of reads) is worked out once per tile; the rest is
// one walk over the tiles that keeps the last ends instead of a list. Equal to
// longestPath(schedule(planLayer(...))) by a property test; nothing here is an approximation.

import type { Chunk, RequantizationForm, SlotBits, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { inputRuns, outputRuns } from '../schedule/commands.ts';
import type { WordsNeeded } from '../schedule/legality.ts';
import { chipMemory, type Memory } from '../schedule/memory.ts';
import {
  type ChipUse,
  ceilDiv,
  chunkGeometry,
  type LayerPlan,
  noChipUse,
  planLayer,
  recordBits,
} from '../schedule/plan.ts';
import { ARRAY_DRAIN_CYCLES, HANDSHAKE_CYCLES, storePipelineCycles } from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import { linearReadCycles, runsReadCycles, runsStoreCycles } from './fast-durations.ts';
import { FIRST_STEP, LAST_STEP, NEW_INPUT, walkTiles } from './tile-walk.ts';

/** Slots of the three tensors that a layer touches. */
export interface LayerSlots {
  readonly input: SlotBits;
  readonly output: SlotBits;
  readonly operand: SlotBits;
}

/** What a layer's cycles depend on beside its shape, tile and slots. */
export type TimedArray = Omit<Chunk, 'name' | 'slotBits' | 'multiplier' | 'buffers'>;

/** Reads of a layer's weights on arrays of one shape, per channel step. */
interface WeightReads {
  readonly durations: Int32Array;
  readonly sumCycles: number;
  readonly maxBeats: number;
  readonly totalBeats: number;
  readonly beatsPerWord: number;
  /** Array words of a channel step per row group and column. */
  readonly stepWords: Int32Array;
  readonly sumWords: number;
}

interface Stores {
  readonly durations: Int32Array;
  readonly sumCycles: number;
}

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
};

/** The narrowest chunk that reads in such slots; what its plan says of maps and channels holds for every array. */
function narrowest(layer: Layer, slots: LayerSlots, form: RequantizationForm): Chunk {
  return {
    name: '',
    kind: layer.kind,
    rows: 1,
    outputs: 1,
    inputs: 1,
    slotBits: slots.input,
    weightBits: 2,
    requantizers: 1,
    multiplier: 'dsp1',
    order: 'overlapped',
    accumulatorBuffers: 1,
    hasAdd: layer.add !== undefined,
    form,
    buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
  };
}

/** One layer cut one way, ready to be timed on any array. */
export class TileTimer {
  readonly tile: Tile;
  /** Entries that the tile takes in a walker's table. */
  readonly tableEntries: number;
  /** Beats of the layer's records. */
  readonly parameterBeats: number;
  /** Steps of the schedule: row tiles x column tiles x channel steps. */
  readonly stepCount: number;
  readonly #plan: LayerPlan;
  readonly #slots: LayerSlots;
  readonly #weightMemory: Memory;
  readonly #outputMemory: Memory;
  readonly #rows: Int32Array;
  readonly #columns: Int32Array;
  readonly #inputReads: Int32Array;
  readonly #operandReads: Int32Array;
  readonly #parameterReads: Int32Array;
  /** Cycles of all input, operand and parameter reads. */
  readonly #fixedReadCycles: number;
  readonly #stepOutput: Int32Array;
  readonly #stepFlags: Int32Array;
  readonly #maxRows: number;
  readonly #maxColumns: number;
  readonly #maxInputBlocks: number;
  readonly #maxOperandBlocks: number;
  readonly #maxParameterBeats: number;
  /** Of the arrays asked for last only: explorations go through arrays in order, and all of them would be much memory. */
  #weights: { readonly key: number; readonly reads: WeightReads } | undefined;
  readonly #stores = new Map<number, Stores>();

  /**
   * @param form of the chunk; it decides how long the records are
   * @param chip what lies in the chunk's on-chip memory instead of behind the port
   */
  constructor(
    layer: Layer,
    tile: Tile,
    slots: LayerSlots,
    busBits: 32 | 64,
    memory: Memory,
    form: RequantizationForm = 'half-up',
    chip: ChipUse = noChipUse,
  ) {
    const memoryOf = (kind: keyof ChipUse): Memory => (chip[kind] ? chipMemory : memory);
    const plan = planLayer(layer, narrowest(layer, slots, form), tile, slots, busBits);
    const { rows, columns, outputs, steps } = plan;
    this.tile = tile;
    this.tableEntries = rows.length + columns.length + outputs.length + steps.length;
    this.parameterBeats = plan.parameterBeats;
    this.stepCount = rows.length * columns.length * steps.length;
    this.#plan = plan;
    this.#slots = slots;
    this.#weightMemory = memoryOf('weights');
    this.#outputMemory = memoryOf('output');
    this.#rows = Int32Array.from(rows, (row) => row.outputRows);
    this.#columns = Int32Array.from(columns, (column) => column.outputColumns);
    this.#stepOutput = Int32Array.from(steps, (step) => step.output);
    this.#stepFlags = Int32Array.from(
      steps,
      (step, x) =>
        (x === 0 || step.newInput ? NEW_INPUT : 0) |
        (step.first ? FIRST_STEP : 0) |
        (step.last ? LAST_STEP : 0),
    );
    this.#maxRows = Math.max(...this.#rows);
    this.#maxColumns = Math.max(...this.#columns);
    this.#maxInputBlocks = Math.max(...steps.map((step) => step.inputBlocks));
    this.#maxOperandBlocks = Math.max(...outputs.map((output) => output.operandBlocks));
    this.#maxParameterBeats = Math.max(...outputs.map((output) => output.parameterBeats));
    this.#inputReads = new Int32Array(this.stepCount);
    this.#operandReads = new Int32Array(rows.length * columns.length * outputs.length);
    let at = 0;
    let operandAt = 0;
    for (const row of rows)
      for (const column of columns) {
        steps.forEach((step, x) => {
          if (((this.#stepFlags[x] ?? 0) & NEW_INPUT) !== 0)
            this.#inputReads[at] = runsReadCycles(
              inputRuns(plan, row, column, step),
              busBits,
              memoryOf('input'),
            );
          at++;
        });
        if (layer.add !== undefined)
          for (const output of outputs)
            this.#operandReads[operandAt++] = runsReadCycles(
              outputRuns(plan, row, column, output, 'operand'),
              busBits,
              memoryOf('operand'),
            );
      }
    this.#parameterReads = Int32Array.from(outputs, (output) =>
      linearReadCycles(
        output.parameterAddress,
        output.parameterBeats,
        busBits,
        memoryOf('parameters'),
      ),
    );
    const rounds = outputs.length > 1 ? rows.length * columns.length : 1;
    this.#fixedReadCycles =
      sum(this.#inputReads) + sum(this.#operandReads) + rounds * sum(this.#parameterReads);
  }

  #weightReads(array: TimedArray): WeightReads {
    const key = (array.outputs * 256 + array.inputs) * 32 + array.weightBits;
    if (this.#weights?.key === key) return this.#weights.reads;
    const { layer, busBits, steps, outputs } = this.#plan;
    const geometry = chunkGeometry({ ...this.#plan.chunk, ...array }, busBits);
    const taps = layer.kernel[0] * layer.kernel[1];
    const durations = new Int32Array(steps.length);
    const stepWords = new Int32Array(steps.length);
    let address = 0;
    let maxBeats = 0;
    steps.forEach((step, x) => {
      const output = defined(outputs[step.output], 'output tile');
      const inputGroups = layer.kind === 'depthwise' ? 1 : ceilDiv(step.channels, array.inputs);
      const words = ceilDiv(output.channels, array.outputs) * inputGroups * taps;
      const beats =
        geometry.weightWordsPerBeat > 1
          ? ceilDiv(words, geometry.weightWordsPerBeat)
          : words * geometry.weightBeatsPerWord;
      durations[x] = linearReadCycles(address, beats, busBits, this.#weightMemory);
      stepWords[x] = words;
      address += beats;
      maxBeats = Math.max(maxBeats, beats);
    });
    const rounds = steps.length > 1 ? this.#rows.length * this.#columns.length : 1;
    const reads = {
      durations,
      sumCycles: rounds * sum(durations),
      maxBeats,
      totalBeats: address,
      beatsPerWord: geometry.weightBeatsPerWord,
      stepWords,
      sumWords: sum(stepWords),
    };
    this.#weights = { key, reads };
    return reads;
  }

  #storesOf(array: TimedArray): Stores {
    const key = array.requantizers * 4 + (array.hasAdd ? 2 : 0) + (array.form === 'tflite' ? 1 : 0);
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const { rows, columns, outputs, busBits } = this.#plan;
    const piecesPerBeat = busBits / this.#slots.output / array.requantizers;
    const pipeline = storePipelineCycles(array);
    const durations = new Int32Array(rows.length * columns.length * outputs.length);
    let at = 0;
    for (const row of rows)
      for (const column of columns)
        for (const output of outputs) {
          const runs = outputRuns(this.#plan, row, column, output, 'output');
          durations[at++] = runsStoreCycles(
            runs,
            busBits,
            piecesPerBeat,
            pipeline,
            this.#outputMemory,
          );
        }
    const made = { durations, sumCycles: sum(durations) };
    this.#stores.set(key, made);
    return made;
  }

  /** No array of this shape is faster: each unit at least does its own work. */
  lowerBoundCycles(array: TimedArray): number {
    const weights = this.#weightReads(array);
    let rowGroups = 0;
    for (const rows of this.#rows) rowGroups += ceilDiv(rows, array.rows);
    const pixels = rowGroups * sum(this.#columns);
    const arrayCycles =
      pixels * weights.sumWords + this.stepCount * (ARRAY_DRAIN_CYCLES + HANDSHAKE_CYCLES);
    return Math.max(
      arrayCycles,
      this.#fixedReadCycles + weights.sumCycles,
      this.#storesOf(array).sumCycles,
    );
  }

  /** Cycles of the layer: the longest path through its commands. */
  cycles(array: TimedArray): number {
    const { durations: weightReads, stepWords } = this.#weightReads(array);
    return walkTiles(
      {
        rows: this.#rows,
        columns: this.#columns,
        stepOutput: this.#stepOutput,
        stepFlags: this.#stepFlags,
        stepWords,
        inputReads: this.#inputReads,
        weightReads,
        parameterReads: this.#parameterReads,
        operandReads: this.#operandReads,
        stores: this.#storesOf(array).durations,
        hasAdd: this.#plan.layer.add !== undefined,
      },
      array,
    );
  }

  /** Beats of the layer's weights on such an array. */
  weightBeats(array: TimedArray): number {
    return this.#weightReads(array).totalBeats;
  }

  /** Buffer words the tile needs on such an array: what schedule/legality counts. */
  words(array: TimedArray): WordsNeeded {
    const { layer, tile, busBits, rowPitch } = this.#plan;
    const lanes = busBits / this.#slots.input;
    const activationLanes = layer.kind === 'depthwise' ? array.outputs : array.inputs;
    const weights = this.#weightReads(array);
    const [rowStride] = layer.stride;
    const lastTap = (this.#maxRows - 1) * rowStride + layer.kernel[0] - 1;
    const bankRows = (Math.floor(Math.floor(lastTap / rowStride) / array.rows) + 1) * rowStride;
    const outputGroups = ceilDiv(Math.min(tile.outputs, layer.outputShape[2]), array.outputs);
    const pixels = this.#maxRows * this.#maxColumns;
    return {
      input:
        ceilDiv(this.#maxInputBlocks, Math.max(1, activationLanes / lanes)) * bankRows * rowPitch,
      weights: Math.ceil(weights.maxBeats / weights.beatsPerWord),
      parameters: Math.ceil(
        (this.#maxParameterBeats * busBits) / (array.requantizers * recordBits(array)),
      ),
      accumulators: ceilDiv(this.#maxRows, array.rows) * this.#maxColumns * outputGroups,
      operand: layer.add === undefined ? 0 : this.#maxOperandBlocks * pixels,
    };
  }
}
