// Names that are safe as identifiers in every language we emit, and as file names.

import { keywords } from './keywords.ts';

/** Letters, digits and underscores, at most 48 of them, never a keyword, never our library's prefix. */
export function sanitizeIdentifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 48);
  const usable = plain === '' ? 'design' : plain;
  const needsPrefix = /^[0-9]/.test(usable) || usable.startsWith('nba_') || keywords.has(usable);
  return needsPrefix ? `design_${usable}` : usable;
}

/** A name to be read by people, in one word: safe in tables, comments and lists of any file we print. */
export function label(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 48);
  return plain === '' ? 'unnamed' : plain;
}
