// The accelerator found: one row per chunk.

import { defineSection } from './html.ts';
import { grouped, percent } from './numbers.ts';
import { chunkClass } from './palette.ts';
import type { ReportData } from './report-data.ts';

interface ChunksView {
  readonly note: string;
  readonly chunks: readonly {
    readonly name: string;
    readonly chunkClass: string;
    readonly kind: string;
    readonly array: string;
    readonly multipliers: string;
    readonly bits: string;
    readonly requantizers: number;
    readonly buffers: string;
    readonly layers: number;
    readonly cycles: string;
    readonly busy: string;
  }[];
}

const render = defineSection<ChunksView>('chunks.html.hbs');

const styles = { dsp1: 'DSP', dsp2: 'in DSP pairs', dsp4: 'four to a DSP', lut: 'LUT' } as const;

/** What each chunk is made of and how busy it is. */
export function renderChunks({ design, prediction, search }: ReportData): string {
  const { chunks, placements, busBits } = design.accelerator;
  const optimal =
    search?.provenOptimal === true ? 'Proven optimal in the space that was explored. ' : '';
  return render({
    note: `${optimal}Array: output rows × output channels × input channels in parallel. Buffers in words of a half: input, weights, requantization records, partial sums, second operand. Each chunk has its own ${busBits}-bit memory port.`,
    chunks: chunks.map((chunk, index) => {
      const { input, weights, parameters, accumulators, operand } = chunk.buffers;
      const cycles = prediction.chunkCycles[index] ?? 0;
      return {
        name: chunk.name,
        chunkClass: chunkClass(index),
        kind: `${chunk.kind}${chunk.hasAdd ? ' + add' : ''}`,
        array: `${chunk.rows} × ${chunk.outputs} × ${chunk.inputs}`,
        multipliers: `${grouped(chunk.rows * chunk.outputs * chunk.inputs)} ${styles[chunk.multiplier]}`,
        bits: `${chunk.weightBits} / ${chunk.slotBits}`,
        requantizers: chunk.requantizers,
        buffers: [input, weights, parameters, accumulators, operand].map(grouped).join(' · '),
        layers: placements.filter((placement) => placement.chunk === index).length,
        cycles: grouped(cycles),
        busy: percent(cycles / prediction.epochCycles, 1),
      };
    }),
  });
}
