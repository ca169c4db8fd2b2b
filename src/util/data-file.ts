// Data that users write: YAML or JSON with every key known. What is wrong is named with its line.

import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { InvalidConfigError } from './errors.ts';
import { isMissingFile } from './json.ts';
import { nearestName } from './pick.ts';

/** Offset in the text of an entry, or of a key that should not be there; the entry around it where it is missing. */
function offsetOf(document: Document, place: readonly PropertyKey[], key?: string): number {
  const path = place.map((part) => (typeof part === 'symbol' ? String(part) : part));
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (!isNode(node)) continue;
    if (key !== undefined && isMap(node))
      for (const item of node.items)
        if (isScalar(item.key) && item.key.value === key) return item.key.range?.[0] ?? 0;
    return node.range?.[0] ?? 0;
  }
  return 0;
}

/**
 * Reads a data file.
 * @param keys all that the schema knows, for suggestions
 * @throws InvalidConfigError (exit code 2) with the line and the key
 */
export function readDataFile<T>(path: string, schema: z.ZodType<T>, keys: readonly string[]): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error))
      throw new InvalidConfigError(`"${path}" does not exist`, 'check the path');
    throw error;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new InvalidConfigError(
      `${path}:${lineAt(broken.pos[0])}: is not YAML: ${broken.message}`,
      'correct that line',
    );
  const result = schema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt key is also one that is missing: its own line says more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const place = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const nearest = nearestName(key, keys);
    throw new InvalidConfigError(
      `${path}:${lineAt(offsetOf(document, place, key))}: unknown key "${[...place, key].join('.')}"`,
      nearest === undefined ? 'leave it out' : `did you mean "${nearest}"?`,
    );
  }
  const name = place.length === 0 ? '' : `${place.map(String).join('.')}: `;
  throw new InvalidConfigError(
    `${path}:${lineAt(offsetOf(document, place))}: ${name}${issue?.message ?? 'is malformed'}`,
    'correct this entry',
  );
}
