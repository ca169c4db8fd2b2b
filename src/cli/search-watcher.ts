// Progress of a search or a whole run, as bars on stderr.

import type { Watcher } from '../pipeline.ts';
import type { Progress, Surroundings } from './command.ts';

/** A watcher with one bar at a time; `stop` ends the one that is showing. */
export function watch({
  progress,
  log,
}: Pick<Surroundings, 'progress' | 'log'>): Watcher & { stop(): void } {
  let bar: { readonly stage: string; readonly progress: Progress } | undefined;
  const stop = () => {
    bar?.progress.stop();
    bar = undefined;
  };
  return {
    stop,
    onSearch({ stage, done, total, loss }) {
      if (bar?.stage !== stage) {
        stop();
        bar = { stage, progress: progress(stage, total) };
      }
      bar.progress.update(done, loss === undefined ? '' : `loss ${loss.toFixed(3)}`);
    },
    onStage(what) {
      stop();
      log(what);
    },
  };
}
