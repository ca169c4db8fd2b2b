// `autonba selfcheck`: random layers on random arrays, RTL against the models.

import { pick } from '../../util/pick.ts';
import { formatCount, formatSeconds } from '../../util/units.ts';
import { type ShapeName, selfcheckShapes } from '../../verify/netlists.ts';
import { selfcheck as check, repeatCovered } from '../../verify/selfcheck.ts';
import { defineCommand } from '../command.ts';

export const selfcheck = defineCommand({
  options: {
    designs: { type: 'number', default: 100, describe: 'random layer runs' },
    shape: { type: 'string', describe: 'only this array' },
    netlist: { type: 'string', describe: 'only this netlist of the long test of that seed' },
    case: {
      type: 'number',
      describe: 'only this case of --shape or --netlist, as a failure named it',
    },
    stalls: { type: 'number', describe: 'seed of random bus stalls outside the memory contract' },
  },
  examples: [['autonba selfcheck --designs 100 --seed 7', 'a hundred random layers']],
  async run({ designs, shape, netlist, case: only, stalls }, { seed, signal, progress }) {
    if (shape !== undefined) pick('shape', selfcheckShapes, shape);
    if (netlist !== undefined) {
      const tally = await repeatCovered(seed, netlist, only ?? 0);
      const good = tally.failures.length === 0;
      return {
        document: tally,
        text: good ? 'bits, cycles and commands are equal' : tally.failures.join('\n'),
        exitCode: good ? 0 : 1,
      };
    }
    const bar = progress('selfcheck', designs);
    const result = await check({
      designs: only === undefined ? designs : 1,
      seed,
      signal,
      ...(shape === undefined ? {} : { shapes: [shape as ShapeName] }),
      ...(only === undefined ? {} : { caseSeed: only }),
      ...(stalls === undefined ? {} : { stalls }),
      onProgress: (done, _total, what) => bar.update(done, what),
    }).finally(() => bar.stop());
    const isGood = result.failures.length === 0;
    return {
      document: result,
      text: [
        `${result.designs} random layers on ${result.netlists} netlists: ${result.bitMismatches} bit mismatches, ${result.cycleMismatches} cycle mismatches, ${result.commandMismatches} of ${formatCount(result.commands)} commands at another time`,
        `${formatCount(result.simulatedCycles)} cycles simulated in ${formatSeconds(result.seconds)}`,
        ...result.failures,
      ].join('\n'),
      exitCode: isGood ? 0 : 1,
    };
  },
});
