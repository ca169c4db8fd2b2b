// `autonba explore`: the best accelerator for a network that is given.

import { basename, join } from 'node:path';
import type { Accelerator } from '../../accelerator/accelerator.ts';
import type { Device } from '../../accelerator/device.ts';
import { writeDesign } from '../../cost/design-file.ts';
import {
  type ExploreResult,
  explore as exploreSpace,
  layersOrThrow,
} from '../../explore/explore.ts';
import { type Objective, objectives } from '../../explore/figures.ts';
import { allocations } from '../../explore/groups.ts';
import * as solvers from '../../explore/solvers/index.ts';
import { InvalidConfigError } from '../../util/errors.ts';
import { pick } from '../../util/pick.ts';
import { defineCommand } from '../command.ts';
import { exploreByReleasedModel } from '../compat-explore.ts';
import { deviceOf, energyOption, energyTableOf } from '../data-arguments.ts';
import { describeMissing, estimateText } from '../estimate-text.ts';
import { exploredFront, objectiveOf, paretoObjectives } from '../explore-front.ts';
import { limitOptions, limitsFrom, relaxationText } from '../limit-options.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';
import { deviceThatHolds, deviceThatKeeps } from '../nearest-device.ts';
import { networkArgumentText, readNetworkArgument } from '../network-argument.ts';

function textOf(
  result: ExploreResult,
  device: Device,
  path: string | null,
  nearest: string | undefined,
): string {
  const proof = result.provenOptimal ? ', proven optimal in its space' : '';
  const how = `${result.evaluations.toLocaleString('en-US')} layer evaluations in ${result.seconds.toFixed(2)} s${proof}`;
  if (path !== null) return [estimateText(result, device), '', how, path].join('\n');
  return [
    'nothing fits; of the nearest design:',
    ...describeMissing(result).map((line) => `  ${line}`),
    nearest === undefined
      ? 'no device of the list holds it; use fewer channels or fewer bits'
      : `the smallest device of the list that holds this design: ${nearest}`,
    '',
    how,
  ].join('\n');
}

export const explore = defineCommand({
  positionals: {
    network: { type: 'string', demandOption: true, describe: networkArgumentText },
  },
  options: {
    device: {
      type: 'string',
      default: 'zc706',
      describe: 'target device, or a file with your own',
    },
    solver: {
      type: 'string',
      default: 'exact',
      describe: 'how to solve: a name of `autonba list solvers`',
    },
    objective: {
      type: 'string',
      choices: ['throughput', 'fps', ...objectives.filter((name) => name !== 'throughput')],
      default: 'throughput',
      describe:
        "frames per second (fps too), an image's time, its energy, both multiplied, area, a resource",
    },
    pareto: {
      type: 'string',
      describe: 'the whole front of two objectives instead of one best: throughput,energy',
    },
    points: { type: 'number', default: 12, describe: 'designs of a front, spread over it' },
    ...limitOptions,
    profile: {
      type: 'string',
      choices: ['rtl-exact', 'autonba-compat'] as const,
      default: 'rtl-exact' as const,
      describe: "whose cycles: the generated hardware's, or the released model's in its own space",
    },
    'comp-mode': { type: 'number', describe: 'fix comp_mode of the released space (0, 1 or 2)' },
    allocation: {
      type: 'string',
      choices: allocations,
      default: 'merge' as const,
      describe: "layers that share a chunk: the paper's groups, or these merged in every way",
    },
    budget: {
      type: 'number',
      default: 2000,
      describe: 'designs that solvers without a proof look at',
    },
    memory: memoryOption,
    energy: energyOption,
    out: { type: 'string', describe: 'design to write (runs/explored/<network>-<device>.json)' },
  },
  examples: [
    ['autonba explore runs/demo/design.json --device pynq-z2', 'the same network on another board'],
    ['autonba explore resnet8 --pareto throughput,dsp', 'what speed costs'],
  ],
  async run(args, { seed, log }) {
    const { budget, allocation, points } = args;
    const pareto = args.pareto === undefined ? undefined : paretoObjectives(args.pareto);
    const objective: Objective = pareto?.[0] ?? objectiveOf(args.objective);
    if (!Number.isInteger(budget) || budget < 1)
      throw new InvalidConfigError(`--budget is ${budget}`, 'give a whole number from 1');
    if (!Number.isInteger(points) || points < 2)
      throw new InvalidConfigError(`--points is ${points}`, 'give a whole number from 2');
    if (pareto !== undefined && args.solver !== 'exact')
      throw new InvalidConfigError(
        `--pareto is found by --solver exact alone, not by ${args.solver}`,
        'leave --solver out',
      );
    if (args.out !== undefined && !args.out.endsWith('.json'))
      throw new InvalidConfigError(
        `--out is "${args.out}"`,
        'name a file that ends in .json; other commands know a design by it',
      );
    const device: Device = deviceOf(args.device);
    const solver = pick('solver', solvers, args.solver);
    const memory = parseMemory(args.memory);
    const { network, design } = readNetworkArgument(args.network);
    if (args.profile === 'autonba-compat') {
      const given = Object.keys(limitOptions).find((name) => args[name as keyof typeof args]);
      if (given !== undefined || objective !== 'throughput' || pareto !== undefined)
        throw new InvalidConfigError(
          `--${given ?? 'objective'} is not of the released model, which knows frames per second alone`,
          'leave it out, or take --profile rtl-exact',
        );
      return exploreByReleasedModel(network, solver, args['comp-mode']);
    }
    const layers = layersOrThrow(network).length;
    const limits = limitsFrom(args, device, layers);
    const energyTable = energyTableOf(args.energy);
    const asked = { limits, allocation, memory, energyTable };
    const out =
      args.out ?? join('runs', 'explored', `${network.name}-${basename(args.device)}.json`);
    const write = (accelerator: Accelerator, path: string): string => {
      const provenance = { strategy: `explore ${args.solver}`, seed, device: args.device };
      const name = design?.name ?? network.name;
      const made = { ...design?.provenance, ...provenance };
      writeDesign(path, { name, network, accelerator, provenance: made });
      return path;
    };
    if (pareto !== undefined) {
      const front = exploredFront(network, device, pareto, points, asked, ({ accelerator }, n) =>
        write(accelerator, out.replace(/\.json$/, `-${n}.json`)),
      );
      if (front !== undefined) return front;
    }
    const result = exploreSpace(network, device, {
      ...asked,
      solver,
      objective,
      seed,
      points: budget,
    });
    const { accelerator, ...figures } = result;
    const path = result.fits ? write(accelerator, out) : null;
    const isLimited = Object.keys(limits).length > 0;
    if (!result.fits) log(`nothing of the space fits ${args.device}`);
    const options = { objective, allocation, memory, energyTable };
    const onDevice = (name: string): void => log(`trying ${name}`);
    const nearest = result.fits
      ? undefined
      : isLimited
        ? deviceThatKeeps(network, device, args, layers, options, onDevice)
        : deviceThatHolds(result);
    return {
      document: {
        ...figures,
        solver: args.solver,
        device: args.device,
        memory,
        design: path,
        ...(nearest === undefined ? {} : { nearestDevice: nearest }),
      },
      text:
        result.fits || !isLimited
          ? textOf(result, device, path, nearest)
          : [
              `${args.solver} found no accelerator on ${args.device} that keeps all limits:`,
              ...result.relaxations.map(
                (relaxation) => `  ${relaxationText(relaxation, args, device, layers)}`,
              ),
              ...describeMissing(result).map((line) => `  ${line}`),
              nearest === undefined
                ? 'no device of the list keeps them; relax a limit'
                : `the smallest device of the list that keeps them: ${nearest}`,
            ].join('\n'),
      exitCode: result.fits ? 0 : 1,
    };
  },
});
