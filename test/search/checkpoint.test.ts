import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../src/search/checkpoint.ts';
import { TraceFile } from '../../src/search/trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-checkpoint-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const record = { step: 1, epoch: 1, phase: 'float', temperature: 5, loss: 2.3 } as const;

test('what was written is read back', () => {
  const path = join(folder, 'a.bin');
  const arrays = [Float32Array.of(1.5, -2), new Float32Array(0), Float32Array.of(3)];
  writeCheckpoint(path, { facts: { epoch: 3, names: ['ä'] }, arrays });
  expect(readCheckpoint(path)).toEqual({ facts: { epoch: 3, names: ['ä'] }, arrays });
  expect(readCheckpoint(join(folder, 'none.bin'))).toBeUndefined();
});

test('a damaged checkpoint is refused in one sentence', () => {
  const path = join(folder, 'b.bin');
  writeCheckpoint(path, { facts: {}, arrays: [Float32Array.of(1, 2, 3)] });
  const bytes = readFileSync(path);
  const damages = [
    bytes.subarray(0, bytes.length - 1),
    bytes.subarray(0, 5),
    Buffer.concat([Buffer.from('x'), bytes]),
    Buffer.concat([bytes.subarray(0, bytes.length - 1), Buffer.of(7)]),
  ];
  for (const damaged of damages) {
    writeFileSync(path, damaged);
    expect(() => readCheckpoint(path)).toThrow(/b\.bin is damaged$/);
  }
});

test('a trace goes on from where its checkpoint left it', () => {
  const path = join(folder, 'trace.jsonl');
  const first = new TraceFile(path, 0);
  first.append(record);
  const { bytes } = first;
  first.append({ ...record, step: 2 });
  const second = new TraceFile(path, bytes);
  second.append({ ...record, step: 3 });
  const steps = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as typeof record).step);
  expect(steps).toEqual([1, 3]);
  expect(() => new TraceFile(path, 10_000)).toThrow(/shorter than its checkpoint says/);
});
