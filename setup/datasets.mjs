// Fashion-MNIST, the data set of the demo and the tests: 70,000 real 28 x 28 images, MIT licence.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  cacheFolder,
  findOnPath,
  isThere,
  portable,
  root,
  run,
  step,
  withFolder,
} from './common.mjs';

const name = 'fashion-mnist';
const folder = join(cacheFolder, 'data', name);
const debianPackage = 'dataset-fashion-mnist';
const debianFolder = join('usr', 'share', 'datasets', 'fashion-mnist');
const upstreamAddress = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/';

const listPath = join(root, 'src', 'data', 'datasets', 'fashion-mnist.json');
const list = readFileSync(listPath, 'utf8');

/** Changes when the files to be fetched do. */
export const fashionMnistKey = createHash('sha256').update(list).digest('hex');

// The checksums are of the files decompressed: the compressed ones may be packed anew.
/** @type {Record<string, {bytes: number, sha256: string}>} */
const files = JSON.parse(list).files;

/**
 * @param {{sizesOnly?: boolean}} [options] sizes alone are enough once the checksums were right
 * @returns {import('./common.mjs').Check}
 */
export function checkFashionMnist({ sizesOnly = false } = {}) {
  const wrong = Object.entries(files).find(([file, { bytes, sha256 }]) => {
    const path = join(folder, file);
    if (!isThere(path) || statSync(path).size !== bytes) return true;
    return !sizesOnly && hashOf(readFileSync(path)) !== sha256;
  });
  if (wrong === undefined) {
    return {
      name,
      ok: true,
      required: false,
      detail: `70,000 images (${portable(folder)})`,
      found: { folder: portable(folder) },
    };
  }
  return {
    name,
    ok: false,
    required: false,
    detail: `${wrong[0]} is missing or not the original`,
    remedy: `run \`node setup.mjs\` with network, or put the original file into ${portable(folder)}`,
  };
}

/** Tries Debian's package, which needs no root to be unpacked, then upstream's own address. */
export async function fetchFashionMnist() {
  await withFolder('fashion-mnist', async (scratch) => {
    await step('fetching Fashion-MNIST (about 30 MB)', async () => {
      const read = (await readerOfDebianPackage(scratch)) ?? readFromUpstream;
      const draft = join(scratch, 'checked');
      mkdirSync(draft);
      for (const [file, { sha256 }] of Object.entries(files)) {
        const content = await read(file);
        if (content === null || hashOf(content) !== sha256) return;
        writeFileSync(join(draft, file), content);
      }
      mkdirSync(join(folder, '..'), { recursive: true });
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    });
  });
}

/**
 * @param {string} scratch
 * @returns {Promise<((file: string) => Promise<Buffer | null>) | null>}
 */
async function readerOfDebianPackage(scratch) {
  if (findOnPath('apt-get') === null || findOnPath('dpkg-deb') === null) return null;
  const download = await run('apt-get', ['download', debianPackage], { cwd: scratch });
  if (!download.ok) return null;
  const unpack = await run('sh', ['-c', 'dpkg-deb -x dataset-*.deb .'], { cwd: scratch });
  if (!unpack.ok) return null;
  return async (file) => {
    for (const [path, decode] of /** @type {const} */ ([
      [join(scratch, debianFolder, `${file}.gz`), gunzipSync],
      [join(scratch, debianFolder, file), Buffer.from],
    ])) {
      if (isThere(path)) return decode(readFileSync(path));
    }
    return null;
  };
}

/** @param {string} file */
async function readFromUpstream(file) {
  try {
    const signal = AbortSignal.timeout(300_000);
    const response = await fetch(`${upstreamAddress}${file}.gz`, { signal });
    return response.ok ? gunzipSync(Buffer.from(await response.arrayBuffer())) : null;
  } catch {
    return null;
  }
}

/** @param {Buffer} content */
const hashOf = (content) => createHash('sha256').update(content).digest('hex');
