// How an array's products are made: in LUTs, or in DSP blocks that take one, two or four of them.

import type { Chunk, ChunkKind, MultiplierStyle } from './accelerator.ts';

/** Widths of the signed factors of one DSP block. */
export interface DspPorts {
  readonly wideBits: number;
  readonly narrowBits: number;
}

/** DSP48E1 (UG479); an UltraScale block is two bits wider. */
export const dsp48Ports: DspPorts = { wideBits: 25, narrowBits: 18 };

/** Rows and outputs of an array whose products share one DSP block. */
export interface Packing {
  readonly rows: 1 | 2;
  readonly outputs: 1 | 2;
}

/** Products with fewer bits are made of LUTs whatever is asked for (yosys' mul2dsp, as UG901 advises). */
const LEAST_DSP_BITS = 9;

const single: Packing = { rows: 1, outputs: 1 };

/**
 * Two outputs share an activation, two rows share a weight. The outputs of a depthwise array have activations of their
 * own, so its rows are what can be packed. `undefined`: nothing is shared that this style could use.
 */
export function packingOf(style: MultiplierStyle, kind: ChunkKind): Packing | undefined {
  if (style === 'dsp2')
    return kind === 'depthwise' ? { rows: 2, outputs: 1 } : { rows: 1, outputs: 2 };
  if (style === 'dsp4') return kind === 'depthwise' ? undefined : { rows: 2, outputs: 2 };
  return single;
}

/**
 * Bits of the two factors of a block (hw/rtl/nba_multipliers.sv): activations are extended by their sign, products
 * stand slotBits + weightBits apart, and two packed weights need one bit more.
 */
export function factorBits(
  { rows, outputs }: Packing,
  slotBits: number,
  weightBits: number,
): { readonly activation: number; readonly weight: number } {
  const productBits = slotBits + weightBits;
  return {
    activation: (rows - 1) * outputs * productBits + slotBits + 1,
    weight: (outputs - 1) * (productBits + 1) + weightBits,
  };
}

/** Whether the factors of a style's blocks fit DSP blocks. */
export function stylePacks(
  style: MultiplierStyle,
  kind: ChunkKind,
  slotBits: number,
  weightBits: number,
  ports: DspPorts = dsp48Ports,
): boolean {
  if (style === 'lut') return true;
  const packing = packingOf(style, kind);
  if (packing === undefined) return false;
  const { activation, weight } = factorBits(packing, slotBits, weightBits);
  return (
    Math.max(activation, weight) <= ports.wideBits &&
    Math.min(activation, weight) <= ports.narrowBits
  );
}

/** Widths up to which exploration considers products of LUTs: narrow products waste a DSP block. */
export const LUT_MULTIPLIER_BITS = 4;

/** Styles worth building for such widths, never none. Packed ones also need an even shape. */
export function multiplierStyles(
  kind: ChunkKind,
  slotBits: number,
  weightBits: number,
  ports: DspPorts = dsp48Ports,
): MultiplierStyle[] {
  const isNarrow = Math.max(slotBits, weightBits) <= LUT_MULTIPLIER_BITS;
  const packed = (['dsp2', 'dsp4'] as const).filter(
    (style) =>
      stylePacks(style, kind, slotBits, weightBits, ports) &&
      dspOfArray({
        kind,
        rows: 2,
        outputs: 2,
        inputs: 1,
        slotBits,
        weightBits,
        multiplier: style,
      }) > 0,
  );
  // Synthesis would make `dsp1` of LUTs too.
  if (slotBits + 1 + weightBits < LEAST_DSP_BITS) return ['lut', ...packed];
  return ['dsp1', ...(isNarrow ? (['lut'] as const) : []), ...packed];
}

/** DSP blocks that make an array's products; 0 also where synthesis finds them too narrow for one. */
export function dspOfArray(
  chunk: Pick<Chunk, 'kind' | 'rows' | 'outputs' | 'inputs' | 'weightBits' | 'multiplier'> & {
    readonly slotBits: number;
  },
): number {
  if (chunk.multiplier === 'lut') return 0;
  const { rows, outputs } = packingOf(chunk.multiplier, chunk.kind) ?? single;
  const fields = rows * outputs;
  const blockBits = fields * (chunk.slotBits + chunk.weightBits) + (fields > 1 ? 0 : 1);
  if (blockBits < LEAST_DSP_BITS) return 0;
  return Math.ceil(chunk.rows / rows) * Math.ceil(chunk.outputs / outputs) * chunk.inputs;
}

/** Which rule a chunk's multipliers break, with the nearest legal value. */
export function multiplierProblem(
  chunk: Pick<Chunk, 'kind' | 'rows' | 'outputs' | 'slotBits' | 'weightBits' | 'multiplier'>,
): string | undefined {
  const { kind, multiplier, slotBits, weightBits } = chunk;
  if (multiplier === 'dsp1' || multiplier === 'lut') return undefined;
  const packing = packingOf(multiplier, kind);
  if (packing === undefined)
    return `multiplier is ${multiplier}, but outputs of a depthwise chunk share no activation; the nearest is dsp2, which packs two rows`;
  for (const dimension of ['rows', 'outputs'] as const) {
    const value = chunk[dimension];
    if (value % packing[dimension] !== 0)
      return `${dimension} is ${value}, must be even where multiplier is ${multiplier}; the nearest is ${value + 1}`;
  }
  if (stylePacks(multiplier, kind, slotBits, weightBits)) return undefined;
  const { activation, weight } = factorBits(packing, slotBits, weightBits);
  const nearest = Array.from({ length: weightBits }, (_, k) => weightBits - k).find(
    (bits) => bits >= 2 && stylePacks(multiplier, kind, slotBits, bits),
  );
  const cure =
    nearest === undefined
      ? `no weightBits fits slotBits ${slotBits}; the nearest is ${stylePacks('dsp2', kind, slotBits, weightBits) ? 'dsp2' : 'dsp1'}`
      : `the nearest weightBits is ${nearest}`;
  return `multiplier is ${multiplier}, whose factors of ${activation} and ${weight} bits do not fit a DSP block of ${dsp48Ports.wideBits} x ${dsp48Ports.narrowBits}; ${cure}`;
}
