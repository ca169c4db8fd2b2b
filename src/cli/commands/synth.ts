// `autonba synth`: what each chunk takes of an FPGA, by yosys, against the prediction.

import type { SynthesisRow } from '../../synth/synthesize.ts';
import { synthesize } from '../../synth/synthesize.ts';
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
    family: { type: 'string', default: 'xc7', describe: 'family of FPGAs: xc7' },
  },
  examples: [['autonba synth runs/demo/generated', 'DSP, BRAM, LUT and FF by yosys']],
  async run({ directory, family }, { signal, progress }) {
    let bar: ReturnType<typeof progress> | undefined;
    try {
      const synthesis = await synthesize(directory, family, {
        signal,
        onProgress: (done, total, chunk) => {
          bar ??= progress('synthesis', total);
          bar.update(done, `chunk ${chunk}`);
        },
      });
      const { rows, chunks, latches } = synthesis;
      const parts = [...chunks, { name: 'all chunks', rows }];
      const text = [
        ...parts.flatMap(({ name, rows: own }) => [...tableOf(name, own), '']),
        latches === 0 ? 'no latches' : `${latches} latches`,
      ].join('\n');
      return { document: synthesis, text, exitCode: latches === 0 ? 0 : 1 };
    } finally {
      bar?.stop();
    }
  },
});

function tableOf(title: string, rows: readonly SynthesisRow[]): string[] {
  const width = Math.max(12, title.length + 2);
  return [
    `${title.padEnd(width)}${'predicted'.padStart(11)}${'synthesized'.padStart(13)}`,
    ...rows.map(
      ({ resource, predicted, synthesized }) =>
        `${resource.padEnd(width)}${String(predicted).padStart(11)}${String(synthesized).padStart(13)}`,
    ),
  ];
}
