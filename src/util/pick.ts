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

/** A variation whose own `name` is what users type. */
export interface Named {
  readonly name: string;
}

/** The entry of that name. A registry is a folder's index module, read as `import * as devices`. */
export function pickNamed<T extends Named>(
  kind: string,
  registry: Readonly<Record<string, T>>,
  name: string,
): T {
  const entries = Object.values(registry);
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const known = entries.map((entry) => entry.name);
  throw new UnknownNameError(kind, name, known, nearestName(name, known));
}

/** The entry under that key, for registries whose keys are what users type. */
export function pick<T>(kind: string, registry: Readonly<Record<string, T>>, key: string): T {
  const known = Object.keys(registry);
  if (!Object.hasOwn(registry, key) && !known.includes(key)) {
    throw new UnknownNameError(kind, key, known, nearestName(key, known));
  }
  return registry[key] as T;
}
