import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { CountReporter } from './test/support/count-reporter.ts';

// `--mode fast` leaves out what builds or trains something, `--mode full` adds the long random runs.
const slowTests = ['test/rtl/**', 'test/**/*.slow.test.ts'];
const longTests = ['test/**/*.full.test.ts'];

/** What takes longest on an empty cache, so that no core waits for one long file at the end. */
const longest = ['selfcheck', 'ports', 'unit', 'yosys.slow', 'csim.slow', 'design'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      if (at >= 0) return at;
      return longest.length + (moduleId.includes('.slow.test.ts') ? 0 : 1);
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...(mode === 'full' ? [] : longTests), ...(mode === 'fast' ? slowTests : [])],
    reporters: [['default', { summary: false }], new CountReporter()],
    // Two cores; a simulator build or TensorFlow uses more than one thread of its own.
    maxWorkers: 2,
    maxConcurrency: 2,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    testTimeout: mode === 'full' ? 1_800_000 : 60_000,
    hookTimeout: 300_000,
  },
}));
