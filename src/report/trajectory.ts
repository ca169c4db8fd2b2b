// How the search went: loss and cycles over its epochs, from the trace.

import type { TraceRecord } from '../search/trace.ts';
import { type ChartView, lineChart } from './chart.ts';
import { defineSection } from './html.ts';
import { grouped } from './numbers.ts';
import type { ReportData } from './report-data.ts';

const render = defineSection<{ readonly note: string; readonly charts: readonly ChartView[] }>(
  'trajectory.html.hbs',
);

type Measure = (record: TraceRecord) => number | undefined;

/** Mean over each epoch's steps; undefined where no step has the value. */
function meanByEpoch(trace: readonly TraceRecord[], measure: Measure): (number | undefined)[] {
  const epochs = 1 + Math.max(...trace.map((record) => record.epoch));
  const sums = Array.from({ length: epochs }, () => ({ sum: 0, count: 0 }));
  for (const record of trace) {
    const value = measure(record);
    const entry = sums[record.epoch];
    if (value === undefined || !Number.isFinite(value) || entry === undefined) continue;
    entry.sum += value;
    entry.count += 1;
  }
  return sums.map(({ sum, count }) => (count === 0 ? undefined : sum / count));
}

function lastByEpoch(trace: readonly TraceRecord[], measure: Measure): (number | undefined)[] {
  const last: (number | undefined)[] = meanByEpoch(trace, () => undefined);
  for (const record of trace) last[record.epoch] = measure(record) ?? last[record.epoch];
  return last;
}

/** Empty where no trace was kept. */
export function renderTrajectory({ trace }: ReportData): string {
  if (trace === undefined || trace.length === 0) return '';
  const joint = trace.find((record) => record.phase === 'joint')?.epoch;
  const start =
    joint === undefined
      ? 'weights only so far'
      : `blocks, bits and accelerator are searched together from epoch ${joint} on`;
  return render({
    note: `${grouped(trace.length)} steps; ${start}. Losses and expected cycles are means over an epoch.`,
    charts: [
      lineChart('Cross-entropy', 'epoch', [
        { name: 'training', colour: 'line-a', values: meanByEpoch(trace, (record) => record.loss) },
        {
          name: 'validation, architecture step',
          colour: 'line-b',
          values: meanByEpoch(trace, (record) => record.validationLoss),
        },
      ]),
      lineChart('Cycles per image', 'epoch', [
        {
          name: 'expected over the sampled shares',
          colour: 'line-a',
          values: meanByEpoch(trace, (record) => record.expectedCycles),
        },
        {
          name: 'derived network on its own accelerator (γ*)',
          colour: 'line-b',
          values: lastByEpoch(trace, (record) => record.epochCycles),
        },
      ]),
    ],
  });
}
