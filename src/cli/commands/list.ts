// `autonba list`: names what there is to choose from.

import { pick } from '../../util/pick.ts';
import { catalogues } from '../catalogues.ts';
import { defineCommand } from '../command.ts';

export const list = defineCommand({
  positionals: {
    kind: {
      type: 'string',
      demandOption: true,
      describe: `one of: ${Object.keys(catalogues).join(', ')}`,
    },
  },
  examples: [['autonba list datasets', 'names the data sets and says what each is']],
  async run({ kind }) {
    const entries = await pick('kind', catalogues, kind)();
    const width = Math.max(0, ...entries.map(({ name }) => name.length));
    const lines = entries.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`);
    return { document: { kind, entries }, text: lines.join('\n') };
  },
});
