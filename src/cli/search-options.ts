// Options of commands that search, and the problem they make together with a configuration file.

import type { SearchProblem } from '../pipeline.ts';
import { type Preset, presets } from '../search/index.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import { readSearchConfig, type SearchConfig } from './search-config.ts';

/** Defaults stand in `problemFrom`, because a configuration file stands between them and the command line. */
export const searchOptions = {
  preset: { type: 'string', describe: 'space and settings (micro)' },
  dataset: { type: 'string', describe: "images by name or path (the preset's own)" },
  device: { type: 'string', describe: 'target (zc706)' },
  strategy: { type: 'string', describe: 'how to search (auto-nba)' },
  'target-fps': { type: 'number', describe: 'frames per second to reach' },
} as const;

/** What the command line said. */
export interface SearchArguments {
  readonly preset?: string | undefined;
  readonly dataset?: string | undefined;
  readonly device?: string | undefined;
  readonly strategy?: string | undefined;
  readonly targetFps?: number | undefined;
}

function withOverrides(preset: Preset, config: SearchConfig): Preset {
  const defined = <T extends object>(values: T | undefined) =>
    Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined));
  return {
    ...preset,
    search: { ...preset.search, ...defined(config.search) },
    training: { ...preset.training, ...defined(config.training) },
  };
}

/** The command line overrides the file, the file overrides the preset. */
export function problemFrom(
  args: SearchArguments,
  run: Pick<SearchProblem, 'folder' | 'name' | 'resume' | 'signal' | 'seed'>,
  configPath?: string,
): SearchProblem {
  const config = configPath === undefined ? {} : readSearchConfig(configPath);
  const targetFps = args.targetFps ?? config.targetFps;
  if (targetFps !== undefined && !(targetFps > 0))
    throw new InvalidConfigError(
      `--target-fps ${targetFps} is not a positive number`,
      'give frames per second',
    );
  const preset = pick('preset', presets, args.preset ?? config.preset ?? 'micro');
  return {
    ...run,
    seed: config.seed !== undefined && run.seed === 1 ? config.seed : run.seed,
    preset: withOverrides(preset, config),
    dataset: args.dataset ?? config.dataset ?? preset.dataset,
    device: args.device ?? config.device ?? 'zc706',
    strategy: args.strategy ?? config.strategy ?? 'auto-nba',
    targetFps,
  };
}
