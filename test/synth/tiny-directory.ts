// The tiny network on two tiny chunks, as a generated directory.

import { join } from 'node:path';
import type { Design } from '../../src/cost/design.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { writeFileAtomic } from '../../src/util/json.ts';
import { tinyChunk } from '../accelerator/tiny-chunk.ts';
import { goldenDesign } from '../emit/golden-design.ts';
import { tiny } from '../network/tiny.ts';

const tile = { rows: 3, columns: 3, outputs: 8, inputs: 8 };

export const tinyDesign: Design = {
  name: 'tiny',
  network: tiny,
  accelerator: {
    busBits: 64,
    chunks: [
      tinyChunk,
      { ...tinyChunk, name: 'depthwise', kind: 'depthwise', inputs: 1, hasAdd: false },
    ],
    placements: [
      { layer: 'conv', chunk: 0, tile },
      { layer: 'pool', chunk: 1, tile },
      { layer: 'classes', chunk: 0, tile },
    ],
  },
  provenance: { strategy: 'hand', seed: 1, device: 'zc706' },
};

/** Its first layer alone on the standard chunk, two products a DSP block. */
export const packedDesign: Design = {
  ...goldenDesign('packed'),
  accelerator: {
    busBits: 64,
    chunks: [{ ...tinyChunk, multiplier: 'dsp2' }],
    placements: [{ layer: 'conv', chunk: 0, tile }],
  },
};

/** Writes what `autonba generate` would. */
export function writeTinyDirectory(folder: string, design = tinyDesign): void {
  for (const [path, content] of generateDirectory(design, defaultMemory))
    writeFileAtomic(join(folder, path), content);
}
