import { expect, test } from 'vitest';
import { type ShapeName, selfcheckShapes } from '../../src/verify/netlists.ts';
import { selfcheck } from '../../src/verify/selfcheck.ts';

const shapes = Object.keys(selfcheckShapes) as ShapeName[];
const runsPerShape = Math.ceil(600 / shapes.length);

test.each(shapes)('%s: 600 random layers over all shapes', async (shape) => {
  const result = await selfcheck({ designs: runsPerShape, seed: 77, shapes: [shape] });
  expect(result.failures).toEqual([]);
  expect(result.designs).toBe(runsPerShape);
});
