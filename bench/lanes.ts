// What one multiplier costs with everything around it, beside NNgen's: `npm run bench:lanes`.
//
// A chunk of 16 multipliers with its buffers, descriptors and tables, by yosys for the 7 series. NNgen's figures are those
// of its 1x1 layer with one multiplier and its scaling under the same yosys; its block RAMs are not known. The design stays in `--out` (runs/lanes), for
// `autonba synth runs/lanes --family ecp5 --place --target-mhz 100`; `--registers` gives it every pipeline register.

import { parseArgs } from 'node:util';
import { mostRegisters, noRegisters } from '../src/accelerator/accelerator.ts';
import { generateDirectory } from '../src/emit/generate.ts';
import { writeSourceTree } from '../src/emit/source-tree.ts';
import { defaultMemory } from '../src/schedule/memory.ts';
import { synthesize } from '../src/synth/synthesize.ts';
import { randomCase } from '../src/verify/random-case.ts';

const nngen = { lut: 5404, ff: 5799, dsp: 3, bram18: null };

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/lanes' },
    family: { type: 'string', default: 'xc7' },
    registers: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

// The tree of four inputs has two levels of additions to cut.
const pipeline = values.registers ? { ...mostRegisters, adders: 2 } : noRegisters;
const { design } = randomCase(
  {
    name: 'lanes',
    shape: {
      kind: 'standard',
      rows: 1,
      outputs: 4,
      inputs: 4,
      slotBits: 8,
      weightBits: 8,
      requantizers: 1,
      multiplier: 'dsp1',
      accumulatorBuffers: 2,
      hasAdd: false,
      busBits: 64,
      buffers: { input: 256, weights: 256, parameters: 64, accumulators: 256, operand: 0 },
      pipeline,
    },
  },
  7,
);
writeSourceTree(values.out, generateDirectory({ ...design, name: 'lanes' }, defaultMemory));
if (!values.write) {
  const { chunks } = await synthesize(values.out, values.family);
  const found = chunks.map(({ lanes, rows }) => ({
    lanes,
    rows: rows.map(({ resource, synthesized }) => ({
      resource,
      synthesized,
      aLane: synthesized / lanes,
      ...(values.family === 'xc7' ? { nngen: nngen[resource] } : {}),
    })),
  }));
  if (values.json) console.log(JSON.stringify(found));
  else for (const { rows } of found) console.table(rows);
}
