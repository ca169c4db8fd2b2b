// `autonba report`: a run as one page that explains itself.

import { join } from 'node:path';
import { readRun } from '../../report/read-run.ts';
import { renderReport } from '../../report/render-report.ts';
import { writeFileIfChanged } from '../../util/json.ts';
import { defineCommand } from '../command.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';

export const report = defineCommand({
  positionals: {
    run: { type: 'string', demandOption: true, describe: 'folder with design.json' },
  },
  options: { memory: memoryOption },
  examples: [['autonba report runs/demo', 'writes runs/demo/report.html']],
  async run({ run, memory }) {
    const page = join(run, 'report.html');
    const data = readRun(run, parseMemory(memory));
    const changed = writeFileIfChanged(page, renderReport(data));
    return {
      document: { report: page, changed },
      text: `${page}${changed ? '' : ' (unchanged)'}`,
    };
  },
});
