import { bram18Of } from '../memories.ts';
import { exactly, type PublishedPoint, type PublishedSet } from '../published.ts';
import { finnBram18, finnCycles, type MatrixVectorUnit } from '../published-formulas.ts';

/** Layers of the notebook on folding (notebooks/advanced/3_folding.ipynb) and the cycles its text says: 3,840 as a tenth. */
const units: readonly (readonly [MatrixVectorUnit, number, string])[] = [
  [{ width: 600, height: 64, simd: 1, pe: 1, vectors: 1 }, 38_400, 'first layer, unfolded'],
  [{ width: 600, height: 64, simd: 5, pe: 2, vectors: 1 }, 3840, 'first layer, a tenth of that'],
  [{ width: 64, height: 64, simd: 1, pe: 1, vectors: 1 }, 4096, 'slowest layer after that'],
];

/** Memories of weights; where FINN keeps 18 bits beyond 512 words, ours asks which shape the depth needs. */
const memories: readonly (readonly [widthBits: number, depth: number])[] = [
  [1, 20_000],
  [2, 8192],
  [4, 4096],
  [9, 2048],
  [16, 1000],
  [36, 512],
  [72, 300],
  [40, 600],
  [128, 1024],
];

function points(): PublishedPoint[] {
  return [
    ...units.map(
      ([unit, published, what]): PublishedPoint => ({
        ...{ what: `cycles: ${what}`, unit: 'cycles', published, mark: 'B', bounds: exactly },
        ours: finnCycles(unit),
      }),
    ),
    ...memories.map(
      ([widthBits, depth]): PublishedPoint => ({
        ...{ what: `memory of ${depth} x ${widthBits} bits`, unit: 'BRAM18', mark: 'B' },
        ...{ published: finnBram18(widthBits, depth), ours: bram18Of(widthBits, depth) },
        bounds: exactly,
        note: "FINN's formula and our count by construction",
      }),
    ),
  ];
}

export const finn = {
  name: 'finn-mvau',
  summary: 'matrix-vector units of FINN: cycles by folding, and memories of weights',
  source:
    'Xilinx/finn: custom_op/fpgadataflow/matrixvectoractivation.py, notebooks/advanced/3_folding.ipynb; formulas after FINN-R (ACM TRETS 2018)',
  points,
} as const satisfies PublishedSet;
