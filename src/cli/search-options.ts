// Options of commands that search, and the problem they make together with a configuration file.

import type { SearchProblem, Target } from '../pipeline.ts';
import { figures, type Preset, presets } from '../search/index.ts';
import { blockNamed, pairsOf } from '../supernet/space.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import { readSearchConfig, type SearchConfig } from './search-config.ts';

/** Defaults stand in `problemFrom`, because a configuration file stands between them and the command line. */
export const searchOptions = {
  preset: { type: 'string', describe: 'space and settings (micro)' },
  dataset: { type: 'string', describe: "images by name or path (the preset's own)" },
  device: { type: 'string', describe: 'target (zc706)' },
  strategy: { type: 'string', describe: 'how to search (auto-nba)' },
  solver: { type: 'string', describe: 'how the accelerator is found meanwhile (exact)' },
  weights: { type: 'string', describe: 'of the found network: scratch, warm or inherit (scratch)' },
  'target-fps': { type: 'number', describe: 'frames per second to reach' },
  'target-latency-ms': { type: 'number', describe: 'time of one image to reach, instead' },
  'target-energy-mj': { type: 'number', describe: 'energy of one image to reach, instead' },
} as const;

/** What the command line said. */
export interface SearchArguments {
  readonly preset?: string | undefined;
  readonly dataset?: string | undefined;
  readonly device?: string | undefined;
  readonly strategy?: string | undefined;
  readonly solver?: string | undefined;
  readonly weights?: string | undefined;
  readonly targetFps?: number | undefined;
  readonly targetLatencyMs?: number | undefined;
  readonly targetEnergyMj?: number | undefined;
}

function withOverrides(preset: Preset, config: SearchConfig): Preset {
  const defined = <T extends object>(values: T | undefined) =>
    Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined));
  const { bits, candidates, encoding } = config;
  return {
    ...preset,
    ...(encoding !== undefined && { encoding }),
    space: {
      ...preset.space,
      ...(bits && { bits: Array.isArray(bits) ? bits : pairsOf(bits.weights, bits.activations) }),
      ...(candidates && {
        candidates: candidates.map(blockNamed),
      }),
    },
    search: { ...preset.search, ...defined(config.search) },
    training: { ...preset.training, ...defined(config.training) },
  };
}

/** The one target that was given; those of the command line stand before those of the file. */
function targetFrom(args: SearchArguments, config: SearchConfig): Target | undefined {
  const { throughput, latency, energy } = figures;
  for (const given of [args, config]) {
    const targets = [
      { figure: throughput, value: given.targetFps },
      { figure: latency, value: given.targetLatencyMs },
      { figure: energy, value: given.targetEnergyMj },
    ].flatMap(({ figure, value }) => (value === undefined ? [] : [{ figure, value }]));
    const [target, other] = targets;
    if (target === undefined) continue;
    if (other !== undefined)
      throw new InvalidConfigError(
        `--${target.figure.option} and --${other.figure.option} are two targets`,
        'give one of them',
      );
    if (!(target.value > 0))
      throw new InvalidConfigError(
        `--${target.figure.option} ${target.value} is not a positive number`,
        `give ${target.figure.unit}`,
      );
    return target;
  }
  return undefined;
}

/** The command line overrides the file, the file overrides the preset. */
export function problemFrom(
  args: SearchArguments,
  run: Pick<SearchProblem, 'folder' | 'name' | 'resume' | 'signal' | 'seed'>,
  configPath?: string,
): SearchProblem {
  const config = configPath === undefined ? {} : readSearchConfig(configPath);
  const preset = pick('preset', presets, args.preset ?? config.preset ?? 'micro');
  return {
    ...run,
    seed: config.seed !== undefined && run.seed === 1 ? config.seed : run.seed,
    preset: withOverrides(preset, config),
    dataset: args.dataset ?? config.dataset ?? preset.dataset,
    device: args.device ?? config.device ?? 'zc706',
    strategy: args.strategy ?? config.strategy ?? 'auto-nba',
    solver: args.solver ?? config.solver ?? 'exact',
    weights: args.weights ?? config.weights ?? 'scratch',
    target: targetFrom(args, config),
  };
}
