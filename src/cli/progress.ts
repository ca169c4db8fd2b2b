// Progress on stderr: a bar with the time left on a terminal, a line now and then elsewhere.

import type { Progress } from './command.ts';

/** Shows nothing, for `--quiet`. */
export const noProgress: Progress = { update: () => undefined, stop: () => undefined };

/** Where progress is written; process.stderr, or a stand-in in tests. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

// A log that grows by a line each step would bury what it says.
const secondsBetweenLines = 10;

/**
 * Lines with the share done and the time left, at most one every ten seconds.
 *
 * @param now seconds on some clock
 */
export function createLineProgress(
  title: string,
  total: number,
  screen: Screen,
  now: () => number,
): Progress {
  const start = now();
  let last = start;
  return {
    update(done, note = '') {
      if (now() - last < secondsBetweenLines) return;
      last = now();
      const share = total > 0 ? done / total : 1;
      const left = share > 0 ? `, ${Math.ceil(((last - start) * (1 - share)) / share)} s left` : '';
      screen.write(`${title}: ${Math.floor(share * 100)} %${left} ${note}`.trimEnd().concat('\n'));
    },
    stop() {
      screen.write(`${title}: ${(now() - start).toFixed(1)} s\n`);
    },
  };
}

/** A bar that redraws itself; the library is loaded only where there is a terminal to draw on. */
export function createBarProgress(title: string, total: number): Progress {
  let latest: readonly [done: number, note: string] = [0, ''];
  let isStopped = false;
  const bar = import('cli-progress').then(({ default: { SingleBar } }) => {
    const created = new SingleBar({
      format: `${title} {bar} {percentage} % | {duration_formatted}, {eta_formatted} left | {note}`,
      stream: process.stderr,
      hideCursor: true,
      // Ctrl-C must reach our own handler, which leaves a run that can be resumed.
      gracefulExit: false,
    });
    created.start(total, latest[0], { note: latest[1] });
    if (isStopped) created.stop();
    return created;
  });
  return {
    update(done, note = '') {
      latest = [done, note];
      void bar.then((drawn) => drawn.update(done, { note }));
    },
    stop() {
      isStopped = true;
      void bar.then((drawn) => drawn.stop());
    },
  };
}
