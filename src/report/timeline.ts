// One epoch as a Gantt chart: what each chunk does from one barrier to the next when all its layers are active.

import { BARRIER_CYCLES, FIRST_LAYER_CYCLES, LAYER_GAP_CYCLES } from '../schedule/timing.ts';
import { defineSection } from './html.ts';
import { grouped, percent, pixels, ticksUpTo } from './numbers.ts';
import { chunkClass } from './palette.ts';
import type { ReportData } from './report-data.ts';

interface TimelineView {
  readonly note: string;
  readonly height: number;
  readonly axisY: number;
  readonly labelY: number;
  readonly ticks: readonly { readonly x: string; readonly text: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly busy: string;
    readonly y: number;
    readonly textY: number;
    readonly segments: readonly {
      readonly x: string;
      readonly width: string;
      readonly colour: string;
      readonly title: string;
      readonly textX: string;
      readonly text: string;
    }[];
  }[];
}

const render = defineSection<TimelineView>('timeline.html.hbs');

/** Pixels; the template draws on a sheet 1,000 wide with the chunks' names left of the bars. */
const left = 150;
const innerWidth = 790;
const rowHeight = 38;
const barHeight = 26;
const characterWidth = 6.3;

/** The Gantt chart of one epoch. */
export function renderTimeline({ design, prediction }: ReportData): string {
  const { epochCycles } = prediction;
  const x = (cycles: number) => left + (innerWidth * cycles) / epochCycles;
  const rows = design.accelerator.chunks.map((chunk, index) => {
    let start = FIRST_LAYER_CYCLES;
    const segments = prediction.layers.flatMap((layer) => {
      if (layer.chunk !== index) return [];
      const from = start + LAYER_GAP_CYCLES;
      start = from + layer.cycles;
      const width = x(start) - x(from);
      return {
        x: pixels(x(from)),
        width: pixels(Math.max(0.5, width - 1)),
        colour: chunkClass(index),
        title: `${layer.name}: ${grouped(layer.cycles)} cycles, ${grouped(from)} to ${grouped(start)}, image n − ${layer.delay}`,
        textX: pixels(x(from) + width / 2),
        text: layer.name.length * characterWidth < width - 8 ? layer.name : '',
      };
    });
    return {
      name: chunk.name,
      busy: percent((prediction.chunkCycles[index] ?? 0) / epochCycles, 0),
      y: index * rowHeight + 6,
      textY: index * rowHeight + 6 + barHeight / 2 + 4,
      segments,
    };
  });
  const axisY = rows.length * rowHeight + 6;
  return render({
    note: `One epoch of ${grouped(epochCycles)} cycles: every chunk works on its own image, and the slowest sets the pace. A chunk's first layer begins after ${FIRST_LAYER_CYCLES + LAYER_GAP_CYCLES} cycles, each further one ${LAYER_GAP_CYCLES} cycle after the one before it; the barrier takes ${BARRIER_CYCLES}.`,
    height: axisY + 26,
    axisY,
    labelY: axisY + 17,
    ticks: ticksUpTo(epochCycles, 8).map((tick) => ({ x: pixels(x(tick)), text: grouped(tick) })),
    rows,
  });
}
