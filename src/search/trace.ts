// The search's diary: one JSON line per step, without times, so that one seed writes the same bytes again.

import { appendFileSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidConfigError } from '../util/errors.ts';
import { isMissingFile } from '../util/json.ts';

/** One step of the joint loop. */
export interface TraceRecord {
  readonly step: number;
  readonly epoch: number;
  readonly phase: 'float' | 'quantized' | 'joint';
  readonly temperature: number;
  /** Cross-entropy of the weight step. */
  readonly loss: number;
  /** Of the architecture step; absent before the joint part. */
  readonly validationLoss?: number;
  /** Expected epoch cycles under the sampled shares, and lambda times what it costs. */
  readonly expectedCycles?: number;
  readonly penalty?: number;
  /** Epoch cycles of the derived network on its own accelerator, as of the last gamma*. */
  readonly epochCycles?: number;
  /** Sampled block and bits of every layer in the architecture step. */
  readonly sampled?: readonly string[];
  /** The strategy's own numbers: logarithms of relaxed factors, a baseline. */
  readonly own?: readonly number[];
  /** Most likely block and bits of every layer after the step. */
  readonly derived?: readonly string[];
}

/** Appends to a file that may be cut back to where a checkpoint left it. */
export class TraceFile {
  private readonly path: string;
  bytes: number;

  /** Keeps the first `keptBytes` of what an interrupted run wrote. */
  constructor(path: string, keptBytes: number) {
    this.path = path;
    this.bytes = keptBytes;
    mkdirSync(dirname(path), { recursive: true });
    if (keptBytes === 0) {
      writeFileSync(path, '');
      return;
    }
    if (sizeOf(path) < keptBytes) {
      throw new InvalidConfigError(
        `${path} is shorter than its checkpoint says`,
        'start without --resume',
      );
    }
    truncateSync(path, keptBytes);
  }

  append(record: TraceRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    appendFileSync(this.path, line);
    this.bytes += Buffer.byteLength(line);
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    if (isMissingFile(error)) return 0;
    throw error;
  }
}
