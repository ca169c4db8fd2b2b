// Numbers as people read them.

/** A count with its SI prefix and three significant digits: 1234567 -> "1.23 M". */
export function formatCount(count: number, unit = ''): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let scaled = count;
  let step = 0;
  while (Math.abs(scaled) >= 999.5 && step < prefixes.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  const digits = step === 0 && Number.isInteger(scaled) ? String(scaled) : threeDigits(scaled);
  return `${digits} ${prefixes[step]}${unit}`.trimEnd();
}

/** Bytes in binary steps: 884998144 -> "844 MiB". */
export function formatBytes(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = bytes;
  let step = 0;
  while (Math.abs(scaled) >= 1023.5 && step < names.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  return `${step === 0 ? scaled : threeDigits(scaled)} ${names[step]}`;
}

/** A duration: "340 ms", "12.5 s", "3 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${threeDigits(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  return size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
