// Somebody else's outputs of a model, operator by operator: a JSON that names raw little-endian integers beside it.

import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../network/refuse.ts';
import { readJson } from '../util/json.ts';

const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}$/);
const shape = z.array(z.number().int().positive()).max(8);

const operator = z.object({
  index: z.number().int().nonnegative(),
  name: z.string().max(400),
  shape: shape.optional(),
  file: fileName,
});

const vectors = z.object({
  images: z.number().int().positive().max(1_000_000),
  input: z.object({ file: fileName }),
  operators: z.array(operator).min(1).max(10_000),
});

/** The outputs of one operator for all images. */
export interface ReferenceOutput {
  readonly index: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Reference inputs and outputs. */
export interface Reference {
  readonly images: number;
  readonly input: Uint8Array;
  readonly outputs: readonly ReferenceOutput[];
}

const largestFile = 2 ** 30;

/** Reads a vectors.json; throws InvalidConfigError where it or a file it names cannot be read. */
export function readReference(path: string): Reference {
  const parsed = vectors.safeParse(readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    refuse(
      `"${path}"`,
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is malformed'}`,
      'give images, input.file and operators with index, name and file',
    );
  }
  const { images, input, operators } = parsed.data;
  const read = (name: string): Uint8Array => {
    const file = join(dirname(path), basename(name));
    const status = statSync(file, { throwIfNoEntry: false });
    if (status === undefined || !status.isFile() || status.size > largestFile) {
      refuse(`"${file}"`, 'is no file of reference outputs', `restore what "${path}" names`);
    }
    return readFileSync(file);
  };
  return {
    images,
    input: read(input.file),
    outputs: operators.map(({ index, name, file }) => ({ index, name, bytes: read(file) })),
  };
}
