// A finished search in a few lines.

import type { Found } from '../pipeline.ts';
import { formatSeconds } from '../util/units.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** What was found: network, accuracy, accelerator, times. */
export function describeFound({ design, hardware, search, document }: Found): string {
  const { float, integer } = search.accuracy;
  const blocks = search.choices.map(({ block, bits }, l) => `  layer ${l}: ${block}, ${bits} bits`);
  const chunks = design.accelerator.chunks.map(
    ({ name, rows, outputs, inputs, multiplier }) =>
      `  ${name}: ${rows} x ${outputs} x ${inputs} (${multiplier})`,
  );
  const goal = document.target as { readonly option: string; readonly value: number } | null;
  const target =
    goal === null
      ? ''
      : `, --${goal.option} ${goal.value} ${document.metTarget === true ? 'met' : 'MISSED'}`;
  return [
    `network (seed ${search.seed}, ${search.strategy}):`,
    ...blocks,
    `accuracy on all test images: ${percent(integer)} in integers, ${percent(float)} in floating point`,
    `accelerator, ${hardware.provenOptimal ? 'the proven optimum of its space' : 'best found'}:`,
    ...chunks,
    `${Math.round(hardware.framesPerSecond)} frames/s${target}, ${hardware.latencyMilliseconds.toFixed(3)} ms for one image, ${hardware.resources.dsp} DSP, ${hardware.resources.bram18} BRAM18`,
    `search ${formatSeconds(search.searchSeconds)}, training ${formatSeconds(search.trainingSeconds)}`,
  ].join('\n');
}
