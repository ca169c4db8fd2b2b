// A generated design as text and bytes, and how it reaches the disk.

import { join } from 'node:path';
import { writeFileIfChanged } from '../util/json.ts';

/** Path within the generated directory -> content. */
export type SourceTree = ReadonlyMap<string, string | Uint8Array>;

/** Writes what differs, so that nothing downstream rebuilds for nothing; returns how many files that were. */
export function writeSourceTree(folder: string, tree: SourceTree): number {
  let changed = 0;
  for (const [path, content] of tree)
    if (writeFileIfChanged(join(folder, path), content)) changed++;
  return changed;
}
