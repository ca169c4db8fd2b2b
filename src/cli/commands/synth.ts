// `autonba synth`: what each chunk takes of an FPGA, by yosys, against the prediction; with --place, its clock by nextpnr.

import * as families from '../../synth/families/index.ts';
import type { Placement } from '../../synth/place.ts';
import type { SynthesisRow } from '../../synth/synthesize.ts';
import { synthesize } from '../../synth/synthesize.ts';
import { InvalidConfigError } from '../../util/errors.ts';
import { defineCommand } from '../command.ts';

export const synth = defineCommand({
  positionals: {
    directory: {
      type: 'string',
      demandOption: true,
      describe: 'a directory that `autonba generate` wrote',
    },
  },
  options: {
    family: {
      type: 'string',
      default: 'xc7',
      describe: `family of FPGAs: ${Object.keys(families).join(', ')}`,
    },
    place: { type: 'boolean', default: false, describe: 'place and route with nextpnr as well' },
    'target-mhz': {
      type: 'number',
      describe: 'with --place: add pipeline registers until a chunk reaches this clock',
    },
  },
  examples: [
    ['autonba synth runs/demo/generated', 'DSP, BRAM, LUT and FF by yosys'],
    ['autonba synth OUT --family ecp5 --place --target-mhz 100', 'the clock, by nextpnr'],
  ],
  async run({ directory, family, place, 'target-mhz': targetMHz }, { signal, progress }) {
    if (targetMHz !== undefined && !(place && targetMHz > 0 && targetMHz <= 1000))
      throw new InvalidConfigError(
        `--target-mhz ${targetMHz} needs --place and a clock above 0 and up to 1000 MHz`,
        'add --place, or leave --target-mhz out',
      );
    let bar: ReturnType<typeof progress> | undefined;
    try {
      const synthesis = await synthesize(directory, family, {
        place,
        ...(targetMHz === undefined ? {} : { targetMHz }),
        signal,
        onProgress: (done, total, chunk) => {
          bar ??= progress('synthesis', total);
          bar.update(done, `chunk ${chunk}`);
        },
      });
      const { rows, chunks, latches, maxFrequencyMHz } = synthesis;
      const misses =
        targetMHz !== undefined && maxFrequencyMHz !== null && maxFrequencyMHz < targetMHz;
      const text = [
        ...chunks.flatMap(({ name, lanes, rows: own, placement }) => [
          ...tableOf(name, own, lanes),
          ...(placement === undefined ? [] : placementText(placement)),
          '',
        ]),
        ...tableOf('all chunks', rows),
        '',
        latches === 0 ? 'no latches' : `${latches} latches`,
        ...(misses
          ? [`no choice of pipeline registers that was tried reaches ${targetMHz} MHz`]
          : []),
      ].join('\n');
      return { document: synthesis, text, exitCode: latches === 0 && !misses ? 0 : 1 };
    } finally {
      bar?.stop();
    }
  },
});

function tableOf(title: string, rows: readonly SynthesisRow[], lanes?: number): string[] {
  const width = Math.max(12, title.length + 2);
  const perLane = (synthesized: number) =>
    lanes === undefined ? '' : (synthesized / lanes).toFixed(1).padStart(10);
  return [
    `${title.padEnd(width)}${'predicted'.padStart(11)}${'synthesized'.padStart(13)}${lanes === undefined ? '' : 'a lane'.padStart(10)}`,
    ...rows.map(
      ({ resource, predicted, synthesized }) =>
        `${resource.padEnd(width)}${String(predicted).padStart(11)}${String(synthesized).padStart(13)}${perLane(synthesized)}`,
    ),
  ];
}

function placementText(placement: Placement): string[] {
  const { part, maxFrequencyMHz, criticalPath, utilization, pipeline } = placement;
  const used = Object.entries(utilization).filter(([, { used: count }]) => count > 0);
  const registers = Object.entries(pipeline).map(([name, count]) => `${name} ${count}`);
  return [
    `${maxFrequencyMHz.toFixed(1)} MHz on ${part}, pipeline registers: ${registers.join(', ')}`,
    `critical path: ${criticalPath.nanoseconds.toFixed(2)} ns from ${criticalPath.from} to ${criticalPath.to}`,
    ...used.map(([kind, { used: count, available }]) => `  ${kind} ${count} of ${available}`),
  ];
}
