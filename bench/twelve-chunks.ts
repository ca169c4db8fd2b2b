// How fast twelve chunks on four shared ports build and run in Verilator; fails on a difference, never on a time.
// Built once for one thread and once for two: these pay only where nothing else runs.
// npm run bench:simulation -- [images] [repetitions] [--json]

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDirectory } from '../src/emit/generate.ts';
import { writeSourceTree } from '../src/emit/source-tree.ts';
import { randomImages } from '../src/network/random-network.ts';
import { defaultMemory } from '../src/schedule/memory.ts';
import { createRng } from '../src/util/rng.ts';
import { readGenerated, verifyGenerated } from '../src/verify/verify.ts';
import { twelveChunks } from '../test/support/twelve-chunks.ts';

const words = process.argv.slice(2);
const isJson = words.includes('--json');
const [images = 60, repetitions = 3] = words.filter((word) => !word.startsWith('-')).map(Number);
const rows: object[] = [];
const design = twelveChunks();
const folder = mkdtempSync(join(tmpdir(), 'twelve-chunks-'));
try {
  const inputs = randomImages(createRng(1), design.network, images);
  writeSourceTree(folder, generateDirectory(design, defaultMemory, inputs));
  const generated = readGenerated(folder);
  for (let k = 0; k < repetitions; k++) {
    for (const [threads, mode] of [
      [1, 'throughput'],
      [1, 'latency'],
      [2, 'throughput'],
      [2, 'latency'],
    ] as const) {
      const verdict = await verifyGenerated(generated, {
        threads,
        runs: [{ mode, memory: defaultMemory, images }],
        images: inputs,
      });
      const [run] = verdict.runs;
      const { kiloCyclesPerSecond } = verdict.simulator;
      const cycles = run?.simulatedCycles ?? 0;
      const imagesPerSecond = (images * kiloCyclesPerSecond * 1000) / cycles;
      const built =
        verdict.buildSeconds > 0 ? `built in ${verdict.buildSeconds.toFixed(1)} s, ` : '';
      rows.push({ mode, threads, cycles, kiloCyclesPerSecond, imagesPerSecond });
      const print = (text: string) => isJson || process.stdout.write(text);
      print(
        `${mode}, threads ${threads}: ${built}${cycles} cycles, ${kiloCyclesPerSecond.toFixed(1)} kilo-cycles/s, ${imagesPerSecond.toFixed(2)} images/s, load ${(loadavg()[0] ?? 0).toFixed(1)}, ${verdict.bitExact && verdict.cycleExact ? 'bits and cycles equal' : 'DIFFERENT'}\n`,
      );
      if (!verdict.bitExact || !verdict.cycleExact) process.exitCode = 1;
    }
  }
  if (isJson) console.log(JSON.stringify({ simulation: { images, rows } }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
