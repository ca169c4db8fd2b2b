// What a command is: its arguments as data, and one function that answers.

import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';

type OptionTable = Readonly<Record<string, Options>>;
type PositionalTable = Readonly<Record<string, PositionalOptions>>;

/** What a command answers; main prints the text, or with `--json` the document, and nothing else. */
export interface Answer {
  /** One JSON value; its keys are fixed, as scripts rely on them. */
  readonly document: unknown;
  /** The same for a person. */
  readonly text: string;
  /** 0 by default; 1 where the answer is no, 3 where a tool is missing. */
  readonly exitCode?: 0 | 1 | 3;
}

/** A running progress display on stderr. */
export interface Progress {
  /** @param done how much of the total is done @param note a few words on where it stands */
  update(done: number, note?: string): void;
  stop(): void;
}

/** What a command gets beside its arguments. */
export interface Surroundings {
  /** Every random choice must follow from it. */
  readonly seed: number;
  /** Aborted by Ctrl-C: save what a later run can resume, then reject or return. */
  readonly signal: AbortSignal;
  /** One line on stderr, unless `--quiet`. */
  log(line: string): void;
  /** For anything over two seconds: a bar with the time left; it must be stopped. */
  progress(title: string, total: number): Progress;
}

/** A command's own module exports one of these, made by `defineCommand`. */
export interface Command<Args = Record<string, unknown>> {
  readonly positionals: PositionalTable;
  readonly options: OptionTable;
  /** Pairs of a command line and what it does, shown by `--help`. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  run(args: Args, surroundings: Surroundings): Promise<Answer>;
}

/** Ties the type of `run`'s arguments to the declared options, so that they cannot drift apart. */
export function defineCommand<
  const P extends PositionalTable = Record<never, never>,
  const O extends OptionTable = Record<never, never>,
>(command: {
  readonly positionals?: P;
  readonly options?: O;
  readonly examples?: Command['examples'];
  run(args: InferredOptionTypes<P & O>, surroundings: Surroundings): Promise<Answer>;
}): Command {
  return {
    positionals: command.positionals ?? {},
    options: command.options ?? {},
    examples: command.examples ?? [],
    // Sound because yargs fills the arguments from the very tables they are typed by.
    run: (args, surroundings) => command.run(args as InferredOptionTypes<P & O>, surroundings),
  };
}
