// What went wrong, said so that a person can cure it; src/cli is the only place that prints these.

/** Exit code of the process when the error reaches the command line. */
export type ExitCode = 1 | 2 | 3;

/** The answer is no: a mismatch, a design that does not fit, a target that was missed. */
export const answerIsNo = 1;
/** The request is wrong: a configuration, a file, an argument. */
export const requestIsWrong = 2;
/** A tool is missing or failed. */
export const toolIsMissing = 3;

/** An error with a cure: `message` says what is wrong, `remedy` what to do about it. */
export class AutoNbaError extends Error {
  readonly remedy: string;
  readonly exitCode: ExitCode;

  constructor(message: string, remedy: string, exitCode: ExitCode = requestIsWrong) {
    super(message);
    this.name = new.target.name;
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/** A name that no registry entry has. */
export class UnknownNameError extends AutoNbaError {
  constructor(kind: string, given: string, known: readonly string[], nearest?: string) {
    const suggestion = nearest === undefined ? '' : `did you mean "${nearest}"? `;
    const choices = [...known].sort().join(', ') || '(there is none yet)';
    super(`unknown ${kind} "${given}"`, `${suggestion}choose one of: ${choices}`);
  }
}

/** A configuration, design, network or data file that cannot be what was meant. */
export class InvalidConfigError extends AutoNbaError {
  /** @param message names the place too, for example `chunks[1].rows: 0 is less than 1` */
  constructor(message: string, remedy: string) {
    super(message, remedy);
  }
}

/** A design that needs more of a device than it has; `missing` counts by how much. */
export class DoesNotFitError extends AutoNbaError {
  readonly missing: Readonly<Record<string, number>>;

  constructor(what: string, missing: Readonly<Record<string, number>>, remedy?: string) {
    const counts = Object.entries(missing).map(([resource, count]) => `${count} ${resource}`);
    super(
      `${what} does not fit: ${counts.join(', ')} too few`,
      remedy ?? 'choose a larger device, fewer lanes or smaller buffers',
      answerIsNo,
    );
    this.missing = missing;
  }
}

/** A template and its view disagree; always our own mistake, never the user's. */
export class TemplateError extends AutoNbaError {
  constructor(template: string, problem: string) {
    super(
      `${template}: ${problem}`,
      'the template and its view must change together',
      toolIsMissing,
    );
  }
}

/** A program that is not installed. */
export class ToolMissingError extends AutoNbaError {
  constructor(tool: string, remedy?: string) {
    super(
      `${tool} was not found`,
      remedy ??
        `install ${tool}, or run \`node setup.mjs\`; \`autonba doctor\` shows what is there`,
      toolIsMissing,
    );
  }
}

/** What is left of a tool's run when it failed. */
export interface ToolFailure {
  readonly command: string;
  readonly exitCode: number | null;
  /** The last lines of what it printed. */
  readonly tail: string;
}

/** A program that ran and failed; the message carries its last words. */
export class ToolFailedError extends AutoNbaError {
  readonly failure: ToolFailure;

  constructor(failure: ToolFailure, remedy: string) {
    const ending = failure.exitCode === null ? 'was stopped' : `exited with ${failure.exitCode}`;
    super(`\`${failure.command}\` ${ending}\n${failure.tail}`.trimEnd(), remedy, toolIsMissing);
    this.failure = failure;
  }
}

/** Simulation and model disagree, in bits or in cycles. */
export class MismatchError extends AutoNbaError {
  constructor(message: string, remedy: string) {
    super(message, remedy, answerIsNo);
  }
}

/** Marks code that cannot run unless we made a mistake. */
export function unreachable(reason: string): never {
  throw new Error(`unreachable: ${reason}`);
}

/** The value, or a mistake of ours where it is missing; in place of the `!` operator. */
export function defined<T>(value: T | null | undefined, what: string): T {
  return value ?? unreachable(`${what} is missing`);
}
