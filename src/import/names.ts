// Names of any model as plain, unique names of a network.

const longest = 100;

/** Letters, digits, "_", "." and "-" only, beginning with a letter. */
export function plainName(wanted: string, prefix: string): string {
  const plain = wanted
    .slice(0, 4 * longest)
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, longest);
  if (plain === '') return prefix;
  return /^[A-Za-z]/.test(plain) ? plain : `${prefix}_${plain}`;
}

/** Hands out each plain name once: a second "relu" becomes "relu_2". */
export function createNames(prefix: string): (wanted: string) => string {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (wanted) => {
    const plain = plainName(wanted, prefix);
    let name = plain;
    let count = next.get(plain) ?? 2;
    while (taken.has(name)) name = `${plain}_${count++}`;
    next.set(plain, count);
    taken.add(name);
    return name;
  };
}
