import { expect, test } from 'vitest';
import { createLineProgress } from '../../src/cli/progress.ts';

test('a log shows the share done and the time left, every ten seconds at most', () => {
  let seconds = 0;
  let written = '';
  const screen = { write: (text: string) => (written += text) };
  const progress = createLineProgress('searching', 100, screen, () => seconds);
  for (seconds = 0; seconds < 24; seconds += 2) progress.update(seconds, `loss ${seconds}`);
  seconds = 25;
  progress.stop();
  expect(written).toBe(
    'searching: 10 %, 90 s left loss 10\nsearching: 20 %, 80 s left loss 20\nsearching: 25.0 s\n',
  );
});

test('nothing to do is done', () => {
  let written = '';
  let seconds = 0;
  const screen = { write: (text: string) => (written += text) };
  const progress = createLineProgress('idle', 0, screen, () => seconds);
  seconds = 11;
  progress.update(0);
  expect(written).toBe('idle: 100 %, 0 s left\n');
});
