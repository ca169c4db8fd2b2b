// Every kind, style and width that is said to pack.

import { stylePacks } from '../../src/accelerator/multipliers.ts';

export const slots = [2, 4, 8, 16] as const;
const widths = Array.from({ length: 15 }, (_, k) => k + 2);

export const packed = (['standard', 'depthwise'] as const).flatMap((kind) =>
  (['dsp2', 'dsp4'] as const).flatMap((style) =>
    slots.flatMap((slotBits) =>
      widths.flatMap((weightBits) =>
        stylePacks(style, kind, slotBits, weightBits)
          ? [{ kind, style, slotBits, weightBits }]
          : [],
      ),
    ),
  ),
);
