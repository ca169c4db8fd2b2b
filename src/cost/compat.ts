// Cost profile `autonba-compat`: what the released Auto-NBA model (RICE-EIC/Auto-NBA) says of a layer on a chunk. For
// comparison with its figures only: its defects are kept, and named where they are. `estimate` is the profile to use.

import { convGeometry, isWeighted } from '../network/geometry.ts';
import { type Network, tensorOf } from '../network/network.ts';

/** A layer as the released model sees it: a square map, no stride, no padding. */
export interface CompatLayer {
  readonly name: string;
  readonly depthwise: boolean;
  /** 1 for depthwise. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Rows and columns of the output. */
  readonly size: number;
  readonly kernel: number;
  /** Activations and weights alike. */
  readonly bits: number;
}

/** A chunk: buffers (Tr, Tc, Tm, Tn) and what runs in parallel (Pr, Pc, Pm, Pn), which the buffers must hold. */
export interface CompatDesign {
  /** Standard 0: Pm lanes, 1: Pm x Pn, 2: Pr; depthwise 0: Pm, 1: Pr. */
  readonly mode: number;
  readonly bufferRows: number;
  readonly bufferColumns: number;
  readonly bufferOutputs: number;
  readonly bufferInputs: number;
  readonly rows: number;
  /** Used by no latency of its array; it only widens the input tile that is read. */
  readonly columns: number;
  readonly outputs: number;
  readonly inputs: number;
}

/** What the released model counts; multipliers may be fractions (bits/16 of a DSP each). */
export interface CompatResources {
  readonly dsp: number;
  readonly bram: number;
}

/** Limits that the released demo holds its designs to; not those of a ZC706. */
export const compatLimits: CompatResources = { dsp: 900, bram: 700 };

/** Clock by which the released model turns cycles into frames per second. */
export const COMPAT_HERTZ = 200e6;

const BANK_BITS = 1125 * 16;

/** A port moves 2 to 4 words of 16 bits a cycle, whatever the memory. */
const portWords = (lanes: number): number => Math.max(Math.min(4, lanes), 2);

/** Input tile with its halo: stride is not in it, and the halo counts from the parallel rows, not from the tile. */
function inputTile(design: CompatDesign, { kernel }: CompatLayer): readonly [number, number] {
  return [
    Math.max(design.rows + kernel - 1, design.bufferRows),
    Math.max(design.columns + kernel - 1, design.bufferColumns),
  ];
}

/** True where rows run in parallel: mode 2 of a standard chunk, mode 1 of a depthwise one. */
const isRowParallel = ({ mode }: CompatDesign, { depthwise }: CompatLayer): boolean =>
  mode === (depthwise ? 1 : 2);

/** Lanes of the array. */
function lanesOf(design: CompatDesign, layer: CompatLayer): number {
  if (isRowParallel(design, layer)) return design.rows;
  return !layer.depthwise && design.mode === 1 ? design.outputs * design.inputs : design.outputs;
}

/** Cycles of one tile's parts; reading and writing are scaled by bits/16 after rounding, so they are fractions. */
export interface CompatTile {
  readonly compute: number;
  readonly readInput: number;
  readonly readWeights: number;
  readonly write: number;
}

/** The parts of one tile. */
export function compatTile(design: CompatDesign, layer: CompatLayer): CompatTile {
  const { bufferRows, bufferColumns, bufferOutputs } = design;
  const bufferInputs = layer.depthwise ? 1 : design.bufferInputs;
  const { kernel, depthwise } = layer;
  const share = layer.bits / 16;
  const isRows = isRowParallel(design, layer);
  const [tileRows, tileColumns] = inputTile(design, layer);
  const map = bufferRows * bufferColumns;
  const compute = (bufferOutputs * bufferInputs * map * kernel * kernel) / lanesOf(design, layer);
  // A depthwise chunk never reads by rows: the released code asks for mode 2, which it does not have.
  const inputWords = (depthwise ? bufferOutputs : bufferInputs) * tileRows * tileColumns;
  const inputLanes = depthwise ? design.outputs : isRows ? tileRows : design.inputs;
  const weights = bufferOutputs * bufferInputs * kernel;
  const readWeights = isRows ? weights : Math.ceil((weights * kernel) / portWords(design.outputs));
  const written = Math.ceil(
    (bufferOutputs * map) / portWords(isRows ? design.rows : design.outputs),
  );
  const cleared = isRows
    ? bufferColumns * bufferOutputs * (bufferRows / design.rows)
    : map * (bufferOutputs / design.outputs);
  return {
    compute,
    readInput: Math.ceil(inputWords / portWords(inputLanes)) * share,
    readWeights: readWeights * share,
    write: (written + cleared) * share,
  };
}

/** Cycles of a layer: tiles are counted as quotients, never rounded up. */
export function compatCycles(design: CompatDesign, layer: CompatLayer): number {
  const { compute, readInput, readWeights, write } = compatTile(design, layer);
  const { size } = layer;
  const tiles =
    (size / design.bufferColumns) *
    (size / design.bufferRows) *
    (layer.outputChannels / design.bufferOutputs);
  const steps = layer.depthwise ? 1 : layer.inputChannels / design.bufferInputs;
  return tiles * (write + steps * (Math.max(compute, readInput) + readWeights));
}

/** Resources of a chunk that runs a layer. Where rows are not parallel, the memory of the weights is left out. */
export function compatResources(design: CompatDesign, layer: CompatLayer): CompatResources {
  const { bufferRows, bufferColumns, bufferOutputs, bufferInputs, rows, outputs } = design;
  const { kernel, depthwise, bits } = layer;
  const [tileRows, tileColumns] = inputTile(design, layer);
  const banks = (count: number, words: number): number =>
    count * Math.ceil((words * bits) / BANK_BITS);
  const dsp = lanesOf(design, layer) * (bits / 16);
  if (isRowParallel(design, layer)) {
    const inputs = depthwise ? 1 : bufferInputs;
    const input = 2 * banks(tileRows, tileColumns * inputs);
    const output = banks(rows, bufferColumns * bufferOutputs);
    return { dsp, bram: input + output + banks(kernel, kernel * bufferOutputs * inputs) };
  }
  const lanes = depthwise ? outputs : design.inputs;
  const channels = depthwise ? bufferOutputs : bufferInputs;
  const input = 2 * banks(lanes, tileRows * tileColumns * (channels / lanes));
  return {
    dsp,
    bram: input + banks(outputs, bufferRows * bufferColumns * (bufferOutputs / outputs)),
  };
}

/** Maps of so many rows and more run on the chunks for large maps. */
export const COMPAT_LARGE_ROWS = 16;

/** The chunk that runs a layer, by the released rule: kind, size of map, bits. */
export function compatChunkOf({ depthwise, size, bits }: CompatLayer): string {
  return `${depthwise ? 'dwa' : 'a'}${size >= COMPAT_LARGE_ROWS ? 0 : 1}q${bits}`;
}

/** A network's convolutions as the released model counts them: each group of a grouped one is a layer of its own. */
export function compatLayers(network: Network): CompatLayer[] {
  return network.operators.filter(isWeighted).flatMap((operator) => {
    const { input, output, kernel, groups } = convGeometry(network, operator);
    const depthwise = operator.kind === 'depthwiseConv';
    const parts = depthwise ? 1 : groups;
    return Array.from({ length: parts }, (_, part) => ({
      name: parts === 1 ? operator.name : `${operator.name}.${part}`,
      depthwise,
      inputChannels: depthwise ? 1 : input[2] / parts,
      outputChannels: output[2] / parts,
      size: output[0],
      kernel: kernel[0],
      bits: Math.max(tensorOf(network, operator.input).bits, operator.weightBits),
    }));
  });
}
