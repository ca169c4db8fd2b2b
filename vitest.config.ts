import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/support/count-reporter.ts';

// `--mode fast` leaves out what builds or trains something, `--mode full` adds the long random runs.
const slowTests = ['test/rtl/**', 'test/**/*.slow.test.ts'];
const longTests = ['test/**/*.full.test.ts'];

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...(mode === 'full' ? [] : longTests), ...(mode === 'fast' ? slowTests : [])],
    reporters: [['default', { summary: false }], new CountReporter()],
    // Two cores; a simulator build or TensorFlow uses more than one thread of its own.
    maxWorkers: 2,
    maxConcurrency: 2,
    pool: 'forks',
    testTimeout: mode === 'full' ? 1_800_000 : 60_000,
    hookTimeout: 300_000,
  },
}));
