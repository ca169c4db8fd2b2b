// Many more random layers through the HLS C++, on every array of selfcheck, both buses.

import { expect, test } from 'vitest';
import { runInteger } from '../../src/integer/run.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import { defined } from '../../src/util/errors.ts';
import { namedNetlist, type ShapeName, selfcheckShapes } from '../../src/verify/netlists.ts';
import { randomCase } from '../../src/verify/random-case.ts';
import { roomOf } from '../../src/verify/selfcheck.ts';
import { hlsHeaders, joinPlans, runCsim } from './support/csim.ts';

const headers = hlsHeaders();
const perShape = 40;

/** Shapes of one bus, at most 15 to a build. */
function groups(): ShapeName[][] {
  const all = Object.keys(selfcheckShapes) as ShapeName[];
  return [32, 64].flatMap((bus) => {
    const own = all.filter((name) => selfcheckShapes[name].busBits === bus);
    return Array.from({ length: Math.ceil(own.length / 15) }, (_, k) =>
      own.slice(15 * k, 15 * k + 15),
    );
  });
}

test.skipIf(headers === undefined).each(groups().map((names) => [names.join(' '), names] as const))(
  '%s',
  async (_label, names) => {
    const drawn = names.map((name, s) =>
      Array.from({ length: perShape }, (_, k) => {
        const netlist = namedNetlist(name);
        const random = randomCase(netlist, 660_000 + 1000 * s + k);
        const { design, memory, mode, images, imageCount } = random;
        const plan = lowerDesign(design, memory, roomOf(netlist));
        const tensors = runInteger(design.network, images, imageCount);
        return { plan, mode, memory, images: imageCount, tensors, limitCycles: 1 };
      }),
    );
    const joined = joinPlans(drawn.map((group) => defined(group[0], 'case').plan));
    const cases = drawn.flatMap((group, s) => group.map((one) => joined.caseOf(s, one)));
    const run = await runCsim(joined.plan, cases, defined(headers, 'headers'));
    const good = run.stdout.match(/every tensor equal to the integer model/g) ?? [];
    expect(run.stdout).not.toMatch(/differs|FAILED/);
    expect(good).toHaveLength(names.length * perShape);
    expect(run.exitCode).toBe(0);
  },
);
