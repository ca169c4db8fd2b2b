// Designs on disk: <name>.json with its network beside it as <name>.network.json and <name>.network.bin.

import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { networkHash } from '../network/hash.ts';
import { networkFiles, readNetwork } from '../network/network-file.ts';
import { refuse } from '../network/refuse.ts';
import { isMissingFile, readJson, stableStringify, writeFileAtomic } from '../util/json.ts';
import type { Design } from './design.ts';
import { type DesignDocument, designSchema } from './design-schema.ts';

/** A JSON of this size holds a placement for every layer the limits allow. */
const documentBytes = 16 * 2 ** 20;

function networkNameFor(path: string): string {
  const stem = basename(path).replace(/\.json$/, '');
  const plain = stem
    .replace(/[^A-Za-z0-9_.-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 120);
  return `${plain === '' ? 'design' : plain}.network.json`;
}

/** A design's files by name, all for one folder: the network first, so that a design never names a file that is not there. */
export function designFiles(
  fileName: string,
  design: Design,
): ReadonlyMap<string, string | Uint8Array> {
  const { name, network, accelerator, provenance } = design;
  const file = networkNameFor(fileName);
  const document = {
    format: 'autonba-design',
    version: 1,
    name,
    network: { file, sha256: networkHash(network) },
    accelerator,
    provenance,
  };
  return new Map([
    ...networkFiles(file, network),
    [fileName, `${stableStringify(document, 2)}\n`] as const,
  ]);
}

/** Writes a design with its network beside it. */
export function writeDesign(path: string, design: Design): void {
  for (const [name, content] of designFiles(basename(path), design))
    writeFileAtomic(join(dirname(path), name), content);
}

function checkFile(path: string, subject: string): void {
  try {
    const status = statSync(path);
    if (!status.isFile()) refuse(subject, 'is not a file', 'name a design file');
    if (status.size > documentBytes)
      refuse(
        subject,
        `has ${status.size} bytes, ${documentBytes} are allowed`,
        'name a design file',
      );
  } catch (error) {
    if (isMissingFile(error)) refuse(subject, 'does not exist', 'check the path');
    throw error;
  }
}

function parseDesign(value: unknown, subject: string): DesignDocument {
  const result = designSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  const problem = `${place === '' ? '' : `${place}: `}${issue?.message ?? 'is malformed'}`;
  return refuse(subject, problem, 'correct this entry, or let `autonba explore` write the design');
}

/** Whether JSON holds a design rather than a network: commands take either. */
export function isDesignDocument(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 'autonba-design'
  );
}

/**
 * Reads a design with its network. Whether its parts go together is planDesign's to say.
 * @throws InvalidConfigError naming the first thing wrong and its place
 */
export function readDesign(path: string): Design {
  const subject = `design "${path}"`;
  checkFile(path, subject);
  const {
    name,
    network: reference,
    accelerator,
    provenance,
  } = parseDesign(readJson(path), subject);
  const network = readNetwork(join(dirname(path), reference.file));
  if (networkHash(network) !== reference.sha256)
    refuse(
      subject,
      `its network "${reference.file}" is not the one it was made for`,
      'copy the design and its network together, or explore again',
    );
  accelerator.placements.forEach((placement, index) => {
    if (placement.chunk < accelerator.chunks.length) return;
    refuse(
      subject,
      `accelerator.placements.${index}.chunk: there is no chunk ${placement.chunk} among ${accelerator.chunks.length}`,
      'correct this entry, or let `autonba explore` write the design',
    );
  });
  return { name, network, accelerator, provenance };
}
