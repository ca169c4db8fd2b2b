import { defaultSpace, type Space } from '../../src/explore/space.ts';

/** Few enough designs to look at all of them. */
export const smallSpace: Space = {
  ...defaultSpace,
  rows: [1, 2],
  outputs: [4, 8],
  inputs: [1, 4],
  requantizers: [4, 1],
  levels: defaultSpace.levels.filter((_, k) => k % 4 === 0),
  rowParts: [1, 3],
  outputParts: [1, 2],
  inputParts: [1],
};
