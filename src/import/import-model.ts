// A model file of any known format as a network.

import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { checkAccumulators } from '../integer/accumulators.ts';
import { refuse } from '../network/refuse.ts';
import * as formats from './formats/index.ts';
import type { Format, Imported } from './imported.ts';

/** Larger models are not what fits on one chip. */
const largestFile = 512 * 2 ** 20;

/** Endings of the files that importModel reads. */
export const modelEndings: readonly string[] = ['.tflite', '.onnx'];

/** Reads a model from its bytes. @param name what the network is called */
export function importBytes(bytes: Uint8Array, name: string): Imported {
  const known: readonly Format[] = Object.values(formats);
  const format = known.find(({ recognizes }) => recognizes(bytes));
  if (format !== undefined) {
    const imported = format.read(bytes, name);
    // What cannot run exactly is refused now, not when it is first run.
    checkAccumulators(imported.network);
    return imported;
  }
  return refuse(
    `model "${name}"`,
    'its content is of no known format',
    `give a model of one of these formats: ${known.map((entry) => entry.name).join(', ')}`,
  );
}

/**
 * Reads a model file.
 *
 * @throws InvalidConfigError naming the operator that cannot be imported, and the cure
 */
export function importModel(path: string): Imported {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined || !status.isFile()) {
    refuse(`"${path}"`, 'is no file', 'name a .tflite or .onnx file');
  }
  if (status.size > largestFile) {
    refuse(`"${path}"`, `has ${status.size} bytes`, `at most ${largestFile} can be imported`);
  }
  return importBytes(readFileSync(path), basename(path, extname(path)));
}
