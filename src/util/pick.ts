// Looks a name up in a registry, and suggests the nearest one where it is misspelt.

import { UnknownNameError } from './errors.ts';

/** How many letters must be added, dropped or exchanged to turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const exchange = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + exchange,
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The known name nearest to the given one, or undefined where none is near enough to be meant. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const ranked = known
    .map((name) => ({ name, distance: editDistance(plain(given), plain(name)) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  // Two letters in the wrong order count as two; more may be wrong in a longer name.
  const tolerated = Math.min(Math.max(2, Math.floor(given.length / 3)), given.length - 1);
  return best.distance <= tolerated ? best.name : undefined;
}

/**
 * What users type for a registry's entry: its own `name` where it has one, else its key in kebab-case
 * (`pynqZ2` is `pynq-z2`).
 */
export function nameOf(key: string, entry: unknown): string {
  const hasName = typeof entry === 'object' && entry !== null && 'name' in entry;
  if (hasName && typeof entry.name === 'string') return entry.name;
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** All names of a registry, a folder's index module read as `import * as devices`. */
export function namesOf(registry: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(registry).map(([key, entry]) => nameOf(key, entry));
}

/**
 * The registry's entry of that name.
 *
 * @param kind what the registry holds, for the error
 * @throws UnknownNameError with the nearest name and all choices
 */
export function pick<T>(kind: string, registry: Readonly<Record<string, T>>, name: string): T {
  const found = Object.entries(registry).find(([key, entry]) => nameOf(key, entry) === name);
  if (found !== undefined) return found[1];
  const known = namesOf(registry);
  throw new UnknownNameError(kind, name, known, nearestName(name, known));
}
