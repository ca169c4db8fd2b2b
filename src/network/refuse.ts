import { InvalidConfigError } from '../util/errors.ts';

/** Stops with one sentence: what is wrong with which operator or tensor, and what to do. */
export function refuse(subject: string, problem: string, remedy: string): never {
  throw new InvalidConfigError(`${subject}: ${problem}`, remedy);
}
