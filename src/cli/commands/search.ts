// `autonba search`: network, bits and accelerator together.

import { findDesign } from '../../pipeline.ts';
import { defineCommand } from '../command.ts';
import { problemFrom, searchOptions } from '../search-options.ts';
import { describeFound } from '../search-text.ts';
import { watch } from '../search-watcher.ts';

export const search = defineCommand({
  positionals: { config: { type: 'string', describe: 'YAML or JSON; options override it' } },
  options: {
    ...searchOptions,
    out: { type: 'string', demandOption: true, describe: 'run folder' },
    resume: { type: 'boolean', default: false, describe: "go on from the folder's checkpoint" },
  },
  examples: [
    [
      'autonba search --preset micro --device pynq-z2 --out runs/micro',
      'the demo space on a small board',
    ],
    ['autonba search --out runs/fast --target-fps 20000', 'with a target'],
  ],
  async run(args, surroundings) {
    const { config, out, resume } = args;
    const { seed, signal } = surroundings;
    const problem = problemFrom(
      args,
      { folder: out, name: 'searched', resume, signal, seed },
      config,
    );
    const watcher = watch(surroundings);
    const found = await findDesign(problem, watcher).finally(() => watcher.stop());
    return {
      document: found.document,
      text: describeFound(found),
      exitCode: found.document.metTarget === true ? 0 : 1,
    };
  },
});
