// The figures that people look for first, and the verdict beside the title.

import type { Memory } from '../schedule/memory.ts';
import { defineSection } from './html.ts';
import { grouped, percent, short } from './numbers.ts';
import type { ReportData, Verification } from './report-data.ts';

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly detail: string;
}

interface HeadlineView {
  readonly title: string;
  readonly summary: string;
  readonly verdictClass: 'good' | 'bad' | 'unknown';
  readonly verdict: string;
  readonly verdictDetail: string;
  readonly figures: readonly Figure[];
}

const render = defineSection<HeadlineView>('headline.html.hbs');

const plural = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Memory contracts in the order of their first run, each once. */
export function memoriesOf(verification: Verification): Memory[] {
  const seen = new Map<string, Memory>();
  for (const { memory } of verification.runs) seen.set(JSON.stringify(memory), memory);
  return [...seen.values()];
}

function verdictOf(
  verification: Verification | undefined,
): Pick<HeadlineView, 'verdictClass' | 'verdict' | 'verdictDetail'> {
  if (verification === undefined || verification.runs.length === 0)
    return {
      verdictClass: 'unknown',
      verdict: 'not simulated',
      verdictDetail: 'cycles below are predictions; `autonba verify` simulates them',
    };
  const { bitExact, cycleExact, runs, firstMismatch, simulator } = verification;
  const images = Math.max(...runs.map((run) => run.images));
  const memories = memoriesOf(verification).length;
  const scope = `${plural(images, 'image')}, ${plural(memories, 'memory setting')}, ${plural(runs.length, 'run')} in ${simulator.name} ${simulator.version}`;
  if (bitExact && cycleExact)
    return { verdictClass: 'good', verdict: 'bit-exact and cycle-exact', verdictDetail: scope };
  const wrong = [bitExact ? '' : 'bits differ', cycleExact ? '' : 'cycles differ'].filter(Boolean);
  const where =
    firstMismatch === null
      ? ''
      : `; first in ${firstMismatch.layer}, image ${firstMismatch.image}, channel ${firstMismatch.channel}, row ${firstMismatch.row}, column ${firstMismatch.column}: expected ${firstMismatch.expected}, got ${firstMismatch.got}`;
  return { verdictClass: 'bad', verdict: wrong.join(' and '), verdictDetail: `${scope}${where}` };
}

function accuracyFigures({ search, verification }: ReportData): Figure[] {
  if (search?.accuracy !== undefined) {
    const { float, integer } = search.accuracy;
    const points = (100 * (integer - float)).toFixed(2).replace(/^-/, '−');
    const sign = integer >= float ? '+' : '';
    return [
      {
        label: 'integer accuracy',
        value: (100 * integer).toFixed(2),
        unit: '%',
        detail: `float ${percent(float)}, ${sign}${points} points`,
      },
    ];
  }
  if (verification?.accuracy === null || verification?.accuracy === undefined) return [];
  return [
    {
      label: 'integer accuracy',
      value: (100 * verification.accuracy).toFixed(2),
      unit: '%',
      detail: 'of the simulated images',
    },
  ];
}

function speedFigures({ prediction, device }: ReportData): Figure[] {
  const { epochCycles, latencyCycles, depth } = prediction;
  const cycles: Figure = {
    label: 'cycles per image',
    value: grouped(epochCycles),
    unit: '',
    detail: `steady state, ${plural(depth + 1, 'image')} in flight`,
  };
  if (device === undefined)
    return [
      cycles,
      { label: 'latency', value: grouped(latencyCycles), unit: 'cycles', detail: '' },
    ];
  const hertz = device.clockMegahertz * 1e6;
  return [
    {
      label: 'frames per second',
      value: short(hertz / epochCycles),
      unit: '',
      detail: `at ${device.clockMegahertz} MHz on ${device.name}`,
    },
    {
      label: 'latency',
      value: short((1000 * latencyCycles) / hertz),
      unit: 'ms',
      detail: `${grouped(latencyCycles)} cycles, one image alone`,
    },
    cycles,
  ];
}

/** Title, verdict and figures. */
export function renderHeadline(data: ReportData): string {
  const { design, prediction, device } = data;
  const { chunks } = design.accelerator;
  const place = device === undefined ? '' : ` for ${device.summary}`;
  return render({
    title: design.name,
    summary: `${plural(prediction.layers.length, 'layer')} on ${plural(chunks.length, 'chunk')}${place}`,
    ...verdictOf(data.verification),
    figures: [...accuracyFigures(data), ...speedFigures(data)],
  });
}
