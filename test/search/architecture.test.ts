import { expect, test } from 'vitest';
import {
  createArchitecture,
  deriveChoices,
  type LogitGroup,
  stepGroup,
} from '../../src/search/architecture.ts';
import { gumbelPaths, hardBits, softBits, uniformPath } from '../../src/search/draws.ts';
import { nano } from '../../src/search/presets/index.ts';
import { softmax } from '../../src/supernet/sampling.ts';
import { createRng } from '../../src/util/rng.ts';

const adam = { learningRate: 0.02, beta1: 0.5, beta2: 0.999 };
const group = (logits: number[]): LogitGroup => ({
  logits,
  means: logits.map(() => 0),
  squares: logits.map(() => 0),
  steps: logits.map(() => 0),
});

test('a step favours the smaller gradient and leaves the others where they were', () => {
  const stepped = group([0.1, 0.2, 0.3, 0.4]);
  const before = softmax(stepped.logits);
  stepGroup(stepped, [1, 3], [1, -1], adam);
  const after = softmax(stepped.logits);
  expect(after[1]).toBeLessThan(before[1] ?? 0);
  expect(after[3]).toBeGreaterThan(before[3] ?? 0);
  expect(after[0]).toBeCloseTo(before[0] ?? 0, 12);
  expect(after[2]).toBeCloseTo(before[2] ?? 0, 12);
  expect(stepped.steps).toEqual([0, 1, 0, 1]);
});

test('the derived choice is the most likely one', () => {
  const architecture = createArchitecture(nano.space);
  architecture.blocks[1]?.logits.splice(0, 2, -1, 1);
  architecture.bits[0]?.logits.splice(0, 2, 0, 0.5);
  architecture.settled = { blocks: true, bits: true };
  expect(deriveChoices(nano.space, architecture)).toEqual([
    { block: 'k3e3', bits: 8 },
    { block: 'skip', bits: 4 },
  ]);
  // An axis that never learns stands at its largest choice.
  architecture.settled = { blocks: false, bits: true };
  expect(deriveChoices(nano.space, architecture)[1]).toEqual({ block: 'k3e3', bits: 4 });
});

test('draws: K paths share all of the mass, soft bits mix, hard bits choose', () => {
  const rng = createRng(1);
  const logits = [0, 1, 2, 3];
  const { active, shares } = gumbelPaths(2)(logits, 1, rng);
  expect(new Set(active).size).toBe(2);
  expect(shares[0]).toBeGreaterThanOrEqual(shares[1] ?? 1);
  expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1);
  const soft = softBits(logits, 5, rng);
  expect(soft.forward).toBe(soft.soft);
  expect(Math.min(...soft.soft)).toBeGreaterThan(0);
  const hard = hardBits(logits, 1, rng);
  expect([...hard.forward].sort()).toEqual([0, 0, 0, 1]);
  expect(hard.soft[hard.forward.indexOf(1)]).toBe(Math.max(...hard.soft));
});

test('a uniform path ignores logits', () => {
  const rng = createRng(2);
  const counts = [0, 0];
  for (let i = 0; i < 1000; i += 1) {
    const [index = 0] = uniformPath([9, -9], 1, rng).active;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(430);
});
