// Predicted against synthesized resources of random chunks: `npm run bench:resources`.
//
// Eight chunks drawn from a seed that no fit has used, each through yosys for every family. With `-- --counts` synthesis
// stops where DSP blocks and memories are mapped, which is all that is promised exactly; LUTs are then not compared.
// Other arguments: `--family xc7`, `--designs 4`, `--seed 2`, `--json`.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Chunk } from '../src/accelerator/accelerator.ts';
import { planDesign } from '../src/cost/design.ts';
import { generateDirectory } from '../src/emit/generate.ts';
import { defaultMemory } from '../src/schedule/memory.ts';
import { type SynthesisRow, synthesize } from '../src/synth/synthesize.ts';
import { writeFileAtomic } from '../src/util/json.ts';
import { createRng, type Rng } from '../src/util/rng.ts';
import { tinyDesign } from '../test/synth/tiny-directory.ts';

const { values } = parseArgs({
  options: {
    family: { type: 'string', default: 'xc7,ecp5' },
    designs: { type: 'string', default: '8' },
    seed: { type: 'string', default: '20261123' },
    counts: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

function randomChunk(rng: Rng, kind: Chunk['kind']): Chunk {
  const outputs = rng.pick([2, 4, 8]);
  const depth = (least: number) => rng.pick([least, 2 * least, 8 * least]);
  return {
    name: kind,
    kind,
    rows: rng.pick([1, 2, 3]),
    outputs,
    inputs: kind === 'depthwise' ? 1 : rng.pick([1, 2, 4]),
    slotBits: 8,
    weightBits: 8,
    requantizers: rng.pick([1, 2]),
    multiplier: rng.pick(['dsp1', 'dsp1', 'lut'] as const),
    order: 'overlapped',
    accumulatorBuffers: rng.pick([1, 2] as const),
    hasAdd: rng.pick([true, false]),
    buffers: {
      input: depth(64),
      weights: depth(64),
      parameters: depth(16),
      accumulators: depth(64),
      operand: depth(16),
    },
  };
}

const rng = createRng(Number(values.seed));
const rows: (SynthesisRow & { readonly family: string; readonly design: string })[] = [];
for (let made = 0; made < Number(values.designs); ) {
  const chunks = [randomChunk(rng, 'standard'), randomChunk(rng, 'depthwise')];
  const design = { ...tinyDesign, accelerator: { ...tinyDesign.accelerator, chunks } };
  if (!planDesign(design.network, design.accelerator).ok) continue;
  const folder = mkdtempSync(join(tmpdir(), 'autonba-resources-'));
  try {
    for (const [path, content] of generateDirectory(design, defaultMemory))
      writeFileAtomic(join(folder, path), content);
    for (const family of values.family.split(',')) {
      const { chunks: found } = await synthesize(folder, family, { countsOnly: values.counts });
      found.forEach((chunk, c) => {
        const { kind, rows: r, outputs, inputs, multiplier } = chunks[c] as Chunk;
        const name = `${made + c} ${kind} ${r}x${outputs}x${inputs} ${multiplier}`;
        for (const row of chunk.rows) {
          if (values.counts && (row.resource === 'lut' || row.resource === 'ff')) continue;
          rows.push({ ...row, family, design: name });
          if (!values.json)
            console.log(
              `${family.padEnd(6)}${name.padEnd(32)}${row.resource.padEnd(8)}${String(row.predicted).padStart(8)}${String(row.synthesized).padStart(8)}`,
            );
        }
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  made += chunks.length;
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((left, right) => left - right)[numbers.length >> 1] ?? 0;
const summary = values.family.split(',').map((family) => {
  const own = rows.filter((row) => row.family === family);
  const exact = own.filter(({ resource }) => resource === 'dsp' || resource === 'bram18');
  const errors = (resource: string) =>
    own
      .filter((row) => row.resource === resource)
      .map(({ predicted, synthesized }) => (100 * Math.abs(predicted - synthesized)) / synthesized);
  return {
    family,
    exact: exact.filter(({ predicted, synthesized }) => predicted === synthesized).length,
    of: exact.length,
    ...(values.counts
      ? {}
      : {
          lutMedianErrorPercent: median(errors('lut')),
          ffMedianErrorPercent: median(errors('ff')),
        }),
  };
});
console.log(values.json ? JSON.stringify({ rows, summary }) : JSON.stringify(summary, null, 2));
