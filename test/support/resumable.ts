// Results of long runs, kept line by line under the set-up's folder, so that an interrupted run goes on where it was.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot } from '../../src/util/paths.ts';

/** Hash of everything that a long run's result can depend on: models, hardware, templates, bench and tests. */
export function sourcesHash(tests: string): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'hw', 'sim', 'templates', tests])
    for (const path of readdirSync(join(projectRoot, folder), { recursive: true }).sort())
      if (/\.(ts|sv|v|cpp|hbs|vlt)$/.test(String(path)))
        hash.update(`${path}\n`).update(readFileSync(join(projectRoot, folder, String(path))));
  return hash.digest('hex').slice(0, 24);
}

/** Runs what has no kept result of these sources; a result for which `isGood` is false is not kept. */
export function resumable<T>(name: string, isGood: (result: T) => boolean) {
  const folder = join(cacheFolder, 'long-runs');
  const path = join(folder, `${name}-${sourcesHash('test/rtl')}.jsonl`);
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
