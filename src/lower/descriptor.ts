// Words of a layer's descriptor and of its tables. hw/rtl/nba_pkg.sv names the same figures; a test compares them.

import type { SlotBits } from '../accelerator/accelerator.ts';
import type { HalfUpAdd, TfliteAdd } from '../network/network.ts';
import { tokenDepths } from '../schedule/commands.ts';
import type { LayerPlan } from '../schedule/plan.ts';
import { DESCRIPTOR_WORDS } from '../schedule/timing.ts';
import { isPool } from './numbers.ts';
import { REGIONS, type Region, type TensorPlace } from './plan.ts';

/** Index of each word, by its name in nba_pkg without the prefix `Word`. */
export const descriptorWord = {
  Flags: 0,
  InputSize: 1,
  Tiles: 2,
  Steps: 3,
  Kernel: 4,
  InputZero: 5,
  ProductZero: 6,
  ProductLow: 7,
  ProductHigh: 8,
  RowPitch: 9,
  BlockPitch: 10,
  SumPitch: 11,
  InputBase: 12,
  OutputBase: 13,
  OperandBase: 14,
  WeightBase: 15,
  ParameterBase: 16,
  InputRing: 17,
  OutputRing: 18,
  OperandRing: 19,
  InputPlane: 20,
  OutputPlane: 21,
  OutputWidth: 22,
  Tables: 23,
  ChannelTables: 24,
  Delay: 25,
  AddMultipliers: 26,
  AddShift: 27,
  AddLeftZero: 28,
  AddRightZero: 29,
  AddZero: 30,
  AddLow: 31,
  AddHigh: 32,
  OperandPitch: 33,
  SpareValue: 34,
  AddRightMultiplier: 35,
  AddOutputMultiplier: 36,
  PrologueBeats: 37,
} as const;

/** Words of one table entry of the read, array and store walkers. */
export const entryWords = { read: 5, array: 2, store: 3 } as const;

/** Code of a slot in a descriptor: slots of 2^(code+1) bits. */
export const slotCode = (slotBits: SlotBits): number => Math.log2(slotBits) - 1;

/** Packs fields of the given widths into a word, lowest first; a value that does not fit is a mistake of ours. */
function pack(...fields: readonly (readonly [value: number, bits: number])[]): number {
  let word = 0;
  let offset = 0;
  for (const [value, bits] of fields) {
    if (value < -(2 ** (bits - 1)) || value >= 2 ** bits || !Number.isInteger(value))
      throw new Error(`descriptor field ${value} does not fit ${bits} bits`);
    word += (value < 0 ? value + 2 ** bits : value) * 2 ** offset;
    offset += bits;
  }
  return word;
}

const region = (name: Region, offsetBeats: number): number =>
  pack([offsetBeats, 30], [REGIONS[name], 2]);
const ring = (place: TensorPlace): number =>
  pack([place.ringShift, 5], [0, 11], [place.ringMask, 16]);

/** Where a layer's tables begin in each walker's memory, in entries. */
export interface TableBases {
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly steps: number;
}

/** Addresses that the memory map gave a layer. */
export interface LayerPlaces {
  readonly input: TensorPlace;
  readonly output: TensorPlace;
  readonly operand?: TensorPlace;
  readonly weightOffsetBeats: number;
  readonly parameterOffsetBeats: number;
}

type SetWord = (name: keyof typeof descriptorWord, value: number) => void;

/** Multipliers and shifts of an add; the left operand is the first one unless they are swapped. */
function setAddFactors(set: SetWord, factors: HalfUpAdd | TfliteAdd, swapped: boolean): void {
  const { multiplierA, multiplierB } = factors;
  const [left, right] = swapped ? [multiplierB, multiplierA] : [multiplierA, multiplierB];
  if (factors.form === 'half-up') {
    set('AddMultipliers', pack([left, 16], [right, 16]));
    set('AddShift', factors.shift);
    return;
  }
  const { exponentA, exponentB, multiplierOutput, exponentOutput } = factors;
  const [leftShift, rightShift] = swapped ? [-exponentB, -exponentA] : [-exponentA, -exponentB];
  set('AddMultipliers', left);
  set('AddRightMultiplier', right);
  set('AddOutputMultiplier', multiplierOutput);
  set('AddShift', pack([leftShift, 8], [rightShift, 8], [-exponentOutput, 8]));
}

/** The descriptor of one layer. */
export function descriptorOf(
  plan: LayerPlan,
  places: LayerPlaces,
  bases: TableBases,
  delay: number,
  isSingle: boolean,
): number[] {
  const { layer, input } = plan;
  const words = new Array<number>(DESCRIPTOR_WORDS).fill(0);
  const set: SetWord = (name, value) => {
    words[descriptorWord[name]] = value;
  };
  const depths = tokenDepths(plan);
  const [outHeight, outWidth] = layer.outputShape;
  const source = layer.source;
  const productRange = layer.input.signed ? -(2 ** (layer.input.bits - 1)) : 0;
  // A lone add passes its first operand through the requantizer unchanged.
  const clamp =
    source.kind === 'add'
      ? { low: productRange, high: productRange + 2 ** layer.input.bits - 1 }
      : 'clamp' in source
        ? source.clamp
        : { low: 0, high: 0 };
  set(
    'Flags',
    pack(
      [input.stride[0], 3],
      [input.stride[1], 3],
      [layer.input.signed ? 1 : 0, 1],
      [layer.add === undefined ? 0 : 1, 1],
      [source.kind === 'maxPool' ? 1 : 0, 1],
      [layer.operand?.signed ? 1 : 0, 1],
      [slotCode(plan.outputSlotBits), 2],
      [slotCode(plan.operandSlotBits), 2],
      [isSingle ? 1 : 0, 1],
      [0, 1],
      [depths.input, 2],
      [depths.weights, 2],
      [depths.parameters, 2],
      [depths.operand, 2],
      [depths.accumulators, 2],
      [plan.chip.input ? 1 : 0, 1],
      [plan.chip.weights ? 1 : 0, 1],
      [plan.chip.parameters ? 1 : 0, 1],
      [plan.chip.operand ? 1 : 0, 1],
      [plan.chip.output ? 1 : 0, 1],
    ),
  );
  // A map whose rows do not follow each other has a kernel of one tap, and so no padding that its width would decide.
  set('InputSize', pack([input.height, 16], [input.rowBeats, 16]));
  set('Tiles', pack([plan.rows.length, 16], [plan.columns.length, 16]));
  set('Steps', pack([plan.steps.length, 16], [plan.outputs.length, 16]));
  set('Kernel', pack([layer.kernel[0], 8], [layer.kernel[1], 8], [plan.piecesPerBeat, 8]));
  // A padding tap must not win a maximum: it holds the smallest value there is.
  const padding = source.kind === 'maxPool' ? productRange : layer.input.zeroPoint;
  set('InputZero', pack([padding, 32]));
  // Pooling works on stored integers, so nothing is added after it.
  set('ProductZero', pack([isPool(source) ? 0 : layer.product.zeroPoint, 32]));
  set('SpareValue', pack([layer.product.zeroPoint, 32]));
  set('ProductLow', pack([clamp.low, 32]));
  set('ProductHigh', pack([clamp.high, 32]));
  set('RowPitch', pack([plan.rowPitch, 16], [plan.rowPitch * input.stride[0], 16]));
  set('BlockPitch', pack([plan.blockPitch, 16], [input.columnBeats, 3]));
  set('SumPitch', pack([plan.columnPitch, 16], [plan.groupPitch, 16]));
  set('InputBase', region(places.input.region, places.input.offsetBeats));
  set('OutputBase', region(places.output.region, places.output.offsetBeats));
  set('WeightBase', region('weights', places.weightOffsetBeats));
  set('ParameterBase', region('weights', places.parameterOffsetBeats));
  set('InputRing', ring(places.input));
  set('OutputRing', ring(places.output));
  set('InputPlane', input.planeBeats);
  set('OutputPlane', outHeight * outWidth);
  set('OutputWidth', outWidth);
  set('Tables', pack([bases.rows, 16], [bases.columns, 16]));
  set('ChannelTables', pack([bases.outputs, 16], [bases.steps, 16]));
  set('Delay', delay);
  const { add, operand } = layer;
  if (add !== undefined && operand !== undefined && places.operand !== undefined) {
    // The array's own product is the left operand, whichever side of the operator it stands on.
    const swapped = source.kind !== 'add' && add.inputs[0] !== layer.product.name;
    setAddFactors(set, add.requantization, swapped);
    set('OperandBase', region(places.operand.region, places.operand.offsetBeats));
    set('OperandRing', ring(places.operand));
    set('AddLeftZero', pack([layer.product.zeroPoint, 32]));
    set('AddRightZero', pack([operand.zeroPoint, 32]));
    set('AddZero', pack([layer.output.zeroPoint, 32]));
    set('AddLow', pack([add.clamp.low, 32]));
    set('AddHigh', pack([add.clamp.high, 32]));
    set(
      'OperandPitch',
      Math.min(plan.tile.rows, outHeight) * Math.min(plan.tile.columns, outWidth),
    );
  }
  return words;
}

/** The descriptor behind a chunk's last layer: what to copy on chip before the first image. */
export function prologueDescriptor(offsetBeats: number, beats: number): number[] {
  const words = new Array<number>(DESCRIPTOR_WORDS).fill(0);
  // One free token of each buffer, so that the copy may start.
  words[descriptorWord.Flags] = pack([0, 16], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2]);
  words[descriptorWord.WeightBase] = region('weights', offsetBeats);
  words[descriptorWord.PrologueBeats] = beats;
  return words;
}

/** One table entry for the three walkers. */
export interface TableEntry {
  readonly read: readonly number[];
  readonly array: readonly number[];
  readonly store: readonly number[];
}

/** Table entries of one layer: rows, columns, outputs, steps. */
export function tablesOf(
  plan: LayerPlan,
): Readonly<Record<keyof TableBases, readonly TableEntry[]>> {
  const flag = (value: boolean): readonly [number, number] => [value ? 1 : 0, 1];
  return {
    rows: plan.rows.map((row) => ({
      read: [
        row.inputAddress,
        pack([row.inputRows, 12], [row.inputMerged, 20]),
        pack(
          [row.bufferOffset, 16],
          [row.bank, 8],
          [row.phase, 3],
          flag(row.inputFull),
          flag(row.outputFull),
        ),
        row.outputAddress,
        pack([row.outputRows, 12], [row.outputMerged, 20]),
      ],
      array: [row.rowGroups, pack([row.top, 16])],
      store: [
        row.outputAddress,
        pack([row.outputRows, 12], [row.outputMerged, 20]),
        pack(flag(row.outputFull)),
      ],
    })),
    columns: plan.columns.map((column) => ({
      read: [
        column.inputAddress,
        column.inputColumns,
        pack([column.bufferOffset, 16], flag(column.inputFull), flag(column.outputFull)),
        column.outputAddress,
        column.outputColumns,
      ],
      array: [column.outputColumns, pack([column.left, 16])],
      store: [column.outputAddress, column.outputColumns, pack(flag(column.outputFull))],
    })),
    outputs: plan.outputs.map((output) => ({
      read: [
        output.parameterAddress,
        output.parameterBeats,
        0,
        output.operandAddress,
        pack([output.operandBlocks, 12], [output.operandPlanes, 20]),
      ],
      array: [output.outputGroups, 0],
      store: [
        output.outputAddress,
        pack([output.outputBlocks, 12], [output.outputPlanes, 20]),
        output.operandBlocks,
      ],
    })),
    steps: plan.steps.map((step, x) => {
      const next = plan.steps[x + 1];
      const release = next === undefined || next.newInput;
      const flags = pack(flag(step.first), flag(step.last), flag(step.newInput), flag(release));
      return {
        read: [
          step.inputAddress,
          pack([step.inputBlocks, 12], [step.inputPlanes, 20]),
          flags,
          step.weightAddress,
          step.weightBeats,
        ],
        array: [step.inputGroups, flags],
        store: [0, 0, flags],
      };
    }),
  };
}
