// Ends the output with one line that scripts can read: `N passed, N failed` and what was skipped.

import type { Reporter, TestModule } from 'vitest/node';

/** Numbers of tests by how they ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line; skipped tests are named only where there are any. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** Counts the tests; a file that cannot even be loaded and an error outside all tests are failures. */
export function countTests(modules: readonly TestModule[], unhandledErrors: number): Counts {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
  }
  return counts;
}

/** Prints the closing line when the process exits, because Vitest has closing words of its own. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = countTests(modules, errors.length);
    process.once('exit', () => {
      // A suite whose hook failed counts no failed test of its own, but fails the run all the same.
      const isSilentFailure = process.exitCode === 1 && counts.failed === 0;
      process.stdout.write(`${closingLine(isSilentFailure ? { ...counts, failed: 1 } : counts)}\n`);
    });
  }
}
