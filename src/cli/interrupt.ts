// Ctrl-C: the first asks the command to stop where it can be resumed, the second stops at once.

/** Exit code of a run that was interrupted, as shells have it: 128 + SIGINT. */
export const interruptedExitCode = 130;

/** Listens for the signals that end a run. */
export interface Interruption {
  readonly signal: AbortSignal;
  stopListening(): void;
}

/** @param log says on stderr what happens */
export function listenForInterruption(log: (line: string) => void): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    log('stopping; press Ctrl-C again to stop at once');
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
