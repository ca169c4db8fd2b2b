// Surroundings of a command that nobody watches.

import type { Surroundings } from '../../src/cli/command.ts';

export const silent: Surroundings = {
  seed: 1,
  signal: new AbortController().signal,
  log: () => undefined,
  progress: () => ({ update: () => undefined, stop: () => undefined }),
};
