// `autonba doctor`: the checks of set-up, changing nothing.

import { inspect } from '../../../setup.mjs';
import { toolIsMissing } from '../../util/errors.ts';
import { defineCommand } from '../command.ts';

export const doctor = defineCommand({
  examples: [['autonba doctor --json', 'the same for a script']],
  async run() {
    const checks = (await inspect()).map(({ name, ok, required, detail, remedy }) => ({
      name,
      ok,
      required,
      detail,
      ...(remedy === undefined ? {} : { remedy }),
    }));
    const isGood = checks.every(({ ok, required }) => ok || !required);
    const width = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.map(({ name, ok, required, detail, remedy }) => {
      const mark = ok ? 'ok     ' : required ? 'MISSING' : '-      ';
      const cure = remedy === undefined ? '' : `\n${' '.repeat(width + 11)}${remedy}`;
      return `${mark}  ${name.padEnd(width)}  ${detail}${cure}`;
    });
    return {
      document: { ok: isGood, checks },
      text: lines.join('\n'),
      exitCode: isGood ? 0 : toolIsMissing,
    };
  },
});
