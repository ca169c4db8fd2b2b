// Numbers as the report prints them: digits in groups of three, shares in percent, coordinates to a tenth of a pixel.

/** 1234567 -> "1,234,567". */
export function grouped(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.88123 -> "88.12 %". */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Four significant digits at most, without a trailing zero: 6660.67 -> "6,661", 0.2754 -> "0.2754". */
export function short(value: number): string {
  if (Math.abs(value) >= 1000) return grouped(value);
  return String(Number(value.toPrecision(4)));
}

/** A coordinate or length of SVG. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Round numbers from 0 or below the lowest to the highest value: what an axis is marked with. */
export function ticksUpTo(highest: number, wanted = 4): number[] {
  if (!(highest > 0)) return [0];
  const rough = highest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const count = Math.floor(highest / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
