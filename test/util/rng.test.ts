import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../src/util/rng.ts';

function take(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => rng.next());
}

describe('the stream', () => {
  test('follows from the seed', () => {
    expect(take(createRng(7), 100)).toEqual(take(createRng(7), 100));
    expect(take(createRng(7), 3)).not.toEqual(take(createRng(8), 3));
  });

  test('never changes between releases, as recorded runs depend on it', () => {
    expect(take(createRng(1), 4)).toMatchInlineSnapshot(`
      [
        0.3078219504095614,
        0.8028331729583442,
        0.7688701734878123,
        0.017857758793979883,
      ]
    `);
  });

  test('is uniform: each tenth holds about a tenth', () => {
    const counts = new Array<number>(10).fill(0);
    for (const value of take(createRng(3), 100_000)) {
      const tenth = Math.floor(value * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  });

  test('goes on from a saved state as if nothing had happened', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), (seed, drawn) => {
        const rng = createRng(seed);
        take(rng, drawn);
        const saved = JSON.parse(JSON.stringify(rng.state()));
        const expected = [rng.next(), rng.normal(), rng.integer(0, 1000)];
        const other = createRng(0);
        other.restore(saved);
        expect([other.next(), other.normal(), other.integer(0, 1000)]).toEqual(expected);
      }),
    );
  });
});

describe('what is drawn from it', () => {
  test('whole numbers stay inside their bounds and reach both', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(5), (seed, low, span) => {
        const rng = createRng(seed);
        const drawn = Array.from({ length: 200 }, () => rng.integer(low, low + span));
        expect(Math.min(...drawn)).toBe(low);
        expect(Math.max(...drawn)).toBe(low + span);
      }),
    );
  });

  test('normal numbers have mean 0 and deviation 1', () => {
    const rng = createRng(5);
    const drawn = Array.from({ length: 50_000 }, () => rng.normal());
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.025);
    expect(Math.abs(variance - 1)).toBeLessThan(0.035);
  });

  test('a shuffle keeps every entry', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, entries) => {
        const order = (left: number, right: number) => left - right;
        expect(createRng(seed).shuffle(entries).sort(order)).toEqual([...entries].sort(order));
      }),
    );
  });

  test('picking from nothing is our own mistake', () => {
    expect(() => createRng(1).pick([])).toThrow('unreachable');
  });
});

describe('a fork', () => {
  test('depends on its label, and leaves its parent alone', () => {
    const parent = createRng(9);
    const before = parent.state();
    const first = take(parent.fork('weights'), 5);
    expect(parent.state()).toEqual(before);
    expect(take(parent.fork('weights'), 5)).toEqual(first);
    expect(take(parent.fork('images'), 5)).not.toEqual(first);
  });
});
