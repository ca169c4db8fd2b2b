// Results of long runs, kept line by line under the set-up's folder, so that an interrupted run goes on where it was.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cacheFolder, projectRoot } from '../../src/util/paths.ts';

/** A source file with all that it imports, directly or not. */
function importedBy(file: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g))
    importedBy(join(dirname(file), path), found);
  return found;
}

/** Files that become hardware or its benches without being imported. */
const hardwareFiles = ['hw/rtl', 'hw/lint', 'sim/unit', 'templates/verilog', 'templates/sim']
  .flatMap((folder) =>
    readdirSync(join(projectRoot, folder)).map((name) => join(projectRoot, folder, name)),
  )
  .concat(join(projectRoot, 'sim/harness/harness.cpp'));

/** Hash of everything that a test's result can depend on: its file with all it imports, hardware and bench. */
export function sourcesHash(...tests: readonly string[]): string {
  const files = new Set(hardwareFiles);
  for (const test of tests) importedBy(join(projectRoot, test), files);
  const hash = createHash('sha256');
  for (const path of [...files].sort())
    hash.update(`${relative(projectRoot, path)}\n`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 24);
}

/**
 * Runs what has no kept result of these sources.
 * @param name of the test, which lies in `test/rtl/<name>.full.test.ts`
 * @param isGood a result for which this is false is not kept
 */
export function resumable<T>(name: string, isGood: (result: T) => boolean) {
  const folder = join(cacheFolder, 'long-runs');
  const path = join(folder, `${name}-${sourcesHash(`test/rtl/${name}.full.test.ts`)}.jsonl`);
  const kept = new Map<string, T>(
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('}'))
          .map((line) => {
            const { key, result } = JSON.parse(line) as { key: string; result: T };
            return [key, result] as const;
          })
      : [],
  );
  return async (key: string, run: () => Promise<T>): Promise<T> => {
    const before = kept.get(key);
    if (before !== undefined) return before;
    const result = await run();
    if (isGood(result)) {
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, `${JSON.stringify({ key, result })}\n`);
    }
    return result;
  };
}
