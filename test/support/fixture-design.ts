// A complete design with trained weights: sixteen layers on two chunks (test/fixtures/designs/README.md).

import { fileURLToPath } from 'node:url';
import type { Design } from '../../src/cost/design.ts';
import { readDesign } from '../../src/cost/design-file.ts';
import { sliceImages } from '../../src/data/dataset.ts';
import { loadFixtureImages } from './fixture-images.ts';

const path = fileURLToPath(new URL('../fixtures/designs/fashion-early.json', import.meta.url));

/** The design, read anew. */
export const loadFixtureDesign = (): Design => readDesign(path);

/** Stored integers of real images for its input tensor: 8 bits, unsigned, zero point 0. */
export const fixtureInput = (count: number): Uint8Array =>
  sliceImages(loadFixtureImages(), 0, count).images;
