// The committed table of the toy, where there is one.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KnownPoint } from '../src/search/regret.ts';

/** What src/search/toy-truth.json holds. */
export interface TruthFile {
  readonly recipe: string;
  readonly testImages: number;
  readonly points: readonly KnownPoint[];
}

export function truthFile(): TruthFile | undefined {
  const path = fileURLToPath(new URL('../src/search/toy-truth.json', import.meta.url));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TruthFile) : undefined;
}
