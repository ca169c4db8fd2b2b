// `autonba explore --pareto`: the accelerators between two objectives, as a table and as designs.

import type { Device } from '../accelerator/device.ts';
import { type ExploreOptions, exploreFront } from '../explore/explore.ts';
import { type Objective, objectives } from '../explore/figures.ts';
import type { Network } from '../network/network.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import type { Answer } from './command.ts';
import { textTable } from './estimate-text.ts';

/** An objective by the name that users know. */
export const objectiveOf = (name: string): Objective =>
  name === 'fps'
    ? 'throughput'
    : pick('objective', Object.fromEntries(objectives.map((one) => [one, one])), name);

/** Two different objectives. @throws InvalidConfigError (exit code 2) */
export function paretoObjectives(text: string): readonly [Objective, Objective] {
  const [first, second, ...more] = text.split(',').map(objectiveOf);
  if (first === undefined || second === undefined || more.length > 0 || first === second)
    throw new InvalidConfigError(
      `--pareto is "${text}"`,
      'name two different objectives, as in --pareto throughput,energy',
    );
  return [first, second];
}

/**
 * Explores the front of two objectives.
 * @param write of the n-th design; it gives the file's path
 * @return undefined where nothing fits
 */
export function exploredFront(
  network: Network,
  device: Device,
  asked: readonly [Objective, Objective],
  most: number,
  options: ExploreOptions,
  write: (design: ReturnType<typeof exploreFront>['designs'][number], n: number) => string,
): Answer | undefined {
  const { designs, isComplete, evaluations, seconds } = exploreFront(
    network,
    device,
    asked,
    most,
    options,
  );
  if (designs.length === 0) return undefined;
  const rows = designs.map((design, n) => {
    const { accelerator, framesPerSecond, latencyMilliseconds, energyMillijoules, resources } =
      design;
    const area = design.areaMillimetres2 ?? design.areaPercent ?? 0;
    return {
      figures: {
        ...{ framesPerSecond, latencyMilliseconds, energyMillijoules, area, resources },
        chunks: accelerator.chunks.length,
      },
      path: write(design, n + 1),
    };
  });
  const unit = designs[0]?.areaMillimetres2 === undefined ? '%' : 'mm2';
  const table = textTable([
    ['design', 'frames/s', 'ms', 'mJ', `area ${unit}`, 'chunks', 'dsp', 'bram18', 'lut', 'ff'],
    ...rows.map(({ figures, path }) => [
      path,
      figures.framesPerSecond.toFixed(0),
      figures.latencyMilliseconds.toPrecision(4),
      figures.energyMillijoules.toPrecision(4),
      figures.area.toFixed(2),
      `${figures.chunks}`,
      ...(['dsp', 'bram18', 'lut', 'ff'] as const).map((name) => `${figures.resources[name]}`),
    ]),
  ]);
  const whole = isComplete
    ? 'the whole front'
    : `${designs.length} points of a larger front; --points asks for more`;
  return {
    document: {
      pareto: asked,
      provenOptimal: true,
      isComplete,
      evaluations,
      seconds,
      designs: rows.map(({ figures, path }) => ({ ...figures, design: path })),
    },
    text: [
      `${asked.join(' against ')}, proven: ${whole}`,
      ...table,
      '',
      `${evaluations.toLocaleString('en-US')} layer evaluations in ${seconds.toFixed(2)} s`,
    ].join('\n'),
  };
}
