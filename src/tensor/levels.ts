// Which integers a quantizer may produce.

/** Signed uses the whole two's complement range, narrow leaves out its lowest value (weights; hardware.md 1). */
export type LevelForm = 'unsigned' | 'signed' | 'narrow';

/** Inclusive integer bounds, with what the native operations want to know about them. */
export interface Levels {
  readonly bits: number;
  readonly form: LevelForm;
  readonly low: number;
  readonly high: number;
}

/** Levels of a width and form. */
export function levelsOf(bits: number, form: LevelForm): Levels {
  if (form === 'unsigned') return { bits, form, low: 0, high: 2 ** bits - 1 };
  const high = 2 ** (bits - 1) - 1;
  return { bits, form, low: form === 'narrow' ? -high : -high - 1, high };
}
