// `autonba generate`: a design as a directory that needs no node.

import { join } from 'node:path';
import { readDesign } from '../../cost/design-file.ts';
import { generateDirectory } from '../../emit/generate.ts';
import { writeSourceTree } from '../../emit/source-tree.ts';
import { defineCommand } from '../command.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';

export const generate = defineCommand({
  positionals: {
    design: { type: 'string', demandOption: true, describe: 'design.json' },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'directory to write' },
    target: { type: 'string', choices: ['verilog'], default: 'verilog', describe: 'what to emit' },
    memory: memoryOption,
  },
  examples: [['autonba generate runs/demo/design.json --out build/demo', 'RTL, bench and scripts']],
  async run({ design: path, out, memory }) {
    const design = readDesign(path);
    const tree = generateDirectory(design, parseMemory(memory));
    const changed = writeSourceTree(out, tree);
    const manifest = JSON.parse(String(tree.get('manifest.json'))) as Record<string, unknown>;
    return {
      document: { out, files: tree.size, changed, manifest },
      text: [
        `${out}: ${tree.size} files, ${changed} of them new or changed`,
        `predictions are in ${join(out, 'manifest.json')}; \`make -C ${out} lint sim\` needs no node`,
      ].join('\n'),
    };
  },
});
