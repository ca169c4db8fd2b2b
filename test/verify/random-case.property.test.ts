import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planDesign } from '../../src/cost/design.ts';
import { hashOf } from '../../src/util/json.ts';
import { namedNetlist, type ShapeName, selfcheckShapes } from '../../src/verify/netlists.ts';
import { randomCase } from '../../src/verify/random-case.ts';

const shapes = Object.keys(selfcheckShapes) as ShapeName[];

test('every seed gives a legal case of several tiles that does not come out even', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.nat(1_000_000), (shape, seed) => {
      const { design, tiles, raggedDimensions, netlist } = randomCase(namedNetlist(shape), seed);
      expect(netlist.name).toBe(shape);
      expect(planDesign(design.network, design.accelerator)).toMatchObject({ ok: true });
      expect(tiles).toBeGreaterThan(1);
      expect(raggedDimensions).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('the same seed gives the same case, another seed another', () => {
  const hash = (seed: number) => {
    const { design, memory, images } = randomCase(namedNetlist('s2x4x4'), seed);
    return hashOf({ accelerator: design.accelerator, memory, images: [...images] });
  };
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      expect(hash(seed)).toBe(hash(seed));
      expect(hash(seed)).not.toBe(hash(seed + 1));
    }),
    { numRuns: 20 },
  );
});
