// The command line from its words to its exit code; the one place that prints answers and errors.

import { AutoNbaError, toolIsMissing } from '../util/errors.ts';
import type { Surroundings } from './command.ts';
import { type CommandEntry, commands } from './commands.ts';
import { interruptedExitCode, listenForInterruption } from './interrupt.ts';
import { type GlobalArguments, parseCommandLine } from './parse.ts';
import { createBarProgress, createLineProgress, noProgress } from './progress.ts';

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 good, 1 the answer is no, 2 the request is wrong, 3 a tool is missing or
 * failed, 130 interrupted
 */
export async function main(
  argv: readonly string[],
  table: Readonly<Record<string, CommandEntry>> = commands,
): Promise<number> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', ignoreClosedPipe);
  const wantsJson = argv.includes('--json');
  const interruption = listenForInterruption(writeLine);
  try {
    const parsed = await parseCommandLine(argv, table);
    if (parsed.kind === 'print') {
      if (parsed.text !== '') process.stdout.write(`${parsed.text.trimEnd()}\n`);
      return 0;
    }
    const { command, args } = parsed;
    const answer = await command.run(args, surroundingsOf(args, interruption.signal));
    if (interruption.signal.aborted) return interruptedExitCode;
    const text = args.json ? JSON.stringify(answer.document, null, 2) : answer.text;
    process.stdout.write(`${text.trimEnd()}\n`);
    return answer.exitCode ?? 0;
  } catch (error) {
    if (interruption.signal.aborted) return interruptedExitCode;
    return printError(error, wantsJson);
  } finally {
    interruption.stopListening();
    process.stdout.off('error', ignoreClosedPipe);
  }
}

function surroundingsOf({ seed, quiet }: GlobalArguments, signal: AbortSignal): Surroundings {
  return {
    seed,
    signal,
    log: quiet ? () => undefined : writeLine,
    progress: (title, total) => {
      if (quiet) return noProgress;
      if (process.stderr.isTTY) return createBarProgress(title, total);
      return createLineProgress(title, total, process.stderr, () => performance.now() / 1000);
    },
  };
}

function printError(error: unknown, wantsJson: boolean): number {
  const isOurs = error instanceof AutoNbaError;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = isOurs ? error.remedy : 'this is a mistake in autonba; please report it';
  const name = error instanceof Error ? error.name : 'Error';
  if (wantsJson) {
    process.stdout.write(`${JSON.stringify({ error: { name, message, remedy } }, null, 2)}\n`);
  }
  writeLine(`autonba: ${message}\n  ${remedy}`);
  if (!isOurs && error instanceof Error) writeLine(error.stack ?? '');
  return isOurs ? error.exitCode : toolIsMissing;
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
