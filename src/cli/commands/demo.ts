// `autonba demo`: the whole path on real images; what `npm start` runs.

import { runWholePath } from '../../pipeline.ts';
import { defineCommand } from '../command.ts';
import { problemFrom, searchOptions } from '../search-options.ts';
import { describeFound } from '../search-text.ts';
import { watch } from '../search-watcher.ts';

/** Test images that the RTL computes, in latency and in throughput mode. */
const images = { latency: 100, throughput: 8 };

export const demo = defineCommand({
  options: {
    ...searchOptions,
    out: { type: 'string', default: 'runs/demo', describe: 'run folder' },
    resume: { type: 'boolean', default: false, describe: 'go on from an interrupted run' },
  },
  examples: [['autonba demo --device pynq-z2 --out runs/small', 'the same on a small board']],
  async run(args, surroundings) {
    const { out, resume } = args;
    const { seed, signal } = surroundings;
    const problem = problemFrom(args, { folder: out, name: 'demo', resume, signal, seed });
    const watcher = watch(surroundings);
    const { found, verification, isGood, report } = await runWholePath(
      problem,
      images,
      watcher,
    ).finally(() => watcher.stop());
    const { cycles, bitExact, cycleExact, simulator } = verification as {
      readonly cycles: { readonly predicted: number; readonly simulated: number };
      readonly bitExact: boolean;
      readonly cycleExact: boolean;
      readonly simulator: {
        readonly name: string;
        readonly version: string;
        readonly kiloCyclesPerSecond: number;
      };
    };
    return {
      document: { search: found.document, verify: verification, report },
      text: [
        describeFound(found),
        `RTL on ${images.latency} test images: ${bitExact ? 'every tensor equal to the integer model' : 'BITS DIFFER'}`,
        `cycles in both modes under two memories: predicted ${cycles.predicted}, simulated ${cycles.simulated}${cycleExact ? ', equal for every layer, chunk and epoch' : ': DIFFERENT'}`,
        `${simulator.name} ${simulator.version}, ${Math.round(simulator.kiloCyclesPerSecond)} kilo-cycles/s`,
        `see ${report}; the design is in ${out}/generated`,
      ].join('\n'),
      exitCode: isGood ? 0 : 1,
    };
  },
});
