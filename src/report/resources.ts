// Bars: what the accelerator takes of the device, as predicted and, where known, as synthesized.

import { resourceNames } from '../cost/resources.ts';
import { defineSection } from './html.ts';
import { grouped, percent, pixels } from './numbers.ts';
import type { ReportData } from './report-data.ts';

interface ResourcesView {
  readonly note: string;
  readonly rows: readonly {
    readonly name: string;
    readonly used: string;
    readonly available: string;
    readonly share: string;
    readonly synthesized: string;
    readonly barWidth: string;
    readonly barClass: 'fits' | 'exceeds';
  }[];
  readonly hasSynthesis: boolean;
  readonly family: string;
}

const render = defineSection<ResourcesView>('resources.html.hbs');

const titles = { dsp: 'DSP', bram18: 'BRAM (18 kbit)', lut: 'LUT', ff: 'flip-flops' } as const;
const BAR_PIXELS = 360;

/** Empty where nothing is known of the device or the resources. */
export function renderResources({ resources, device, synthesis }: ReportData): string {
  if (resources === undefined || device === undefined) return '';
  return render({
    note: `Predicted use of ${device.summary}. DSP and BRAM are counted, LUT and flip-flops are estimates.`,
    rows: resourceNames.map((name) => {
      const share = resources[name] / device[name];
      const measured = synthesis?.rows.find((row) => row.resource === name)?.synthesized;
      return {
        name: titles[name],
        used: grouped(resources[name]),
        available: grouped(device[name]),
        share: percent(share, 1),
        synthesized: measured === undefined ? '' : grouped(measured),
        barWidth: pixels(BAR_PIXELS * Math.min(1, share)),
        barClass: share <= 1 ? ('fits' as const) : ('exceeds' as const),
      };
    }),
    hasSynthesis: synthesis !== undefined,
    family: synthesis?.family ?? '',
  });
}
