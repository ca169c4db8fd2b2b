// Supplies what newer Node releases removed and a dependency still calls.

import { createRequire } from 'node:module';

/** Must run before `@tensorflow/tfjs-node` 4.22 is loaded: Node 23 removed the function it calls. */
export function supplyRemovedNodeFunctions(): void {
  // The module object itself, as CommonJS packages see it; the ESM namespace cannot be written to.
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util');
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
}
