// What PyPI carries for the hand-over to FPGA tools: the public HLS headers and FuseSoC. Optional, never committed.

import { cpSync, mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cacheFolder,
  findOnPath,
  findPython,
  firstLineOf,
  isThere,
  portable,
  run,
  showReason,
  step,
  withFolder,
} from './common.mjs';

const headersVersion = '1.3.0';
const fusesocVersion = '2.4.7';
const headersFolder = join(cacheFolder, 'hls-headers');
const fusesocFolder = join(cacheFolder, 'fusesoc');

/**
 * ap_int.h and hls_stream.h, which the wheel of hls4ml carries under the Apache licence.
 * @returns {import('./common.mjs').Check}
 */
export function checkHlsHeaders() {
  const name = 'hls-headers';
  if (isThere(join(headersFolder, 'ap_int.h'))) {
    const path = portable(headersFolder);
    const detail = `ap_int and hls::stream of hls4ml ${headersVersion} (${path})`;
    return { name, ok: true, required: false, detail, found: { path, version: headersVersion } };
  }
  return {
    name,
    ok: false,
    required: false,
    detail: 'the public headers of HLS were not found; used by the C simulation of --target hls',
    remedy: 'make PyPI reachable for `python3 -m pip` and run `node setup.mjs`',
  };
}

export async function fetchHlsHeaders() {
  await installWheels('hls-headers', `hls4ml==${headersVersion}`, ['--no-deps'], async (folder) => {
    const headers = join(folder, 'hls4ml', 'templates', 'vivado', 'ap_types');
    await rm(headersFolder, { recursive: true, force: true });
    cpSync(headers, headersFolder, { recursive: true });
  });
}

/** @returns {import('./common.mjs').Check} */
export function checkFusesoc() {
  const name = 'fusesoc';
  const own = join(fusesocFolder, 'bin', 'fusesoc');
  for (const path of [findOnPath('fusesoc'), own]) {
    if (path === null || !isThere(path)) continue;
    const env = path === own ? { PYTHONPATH: fusesocFolder } : {};
    const version = firstLineOf(path, ['--version'], env);
    if (version === null) continue;
    const pythonPath = path === own ? portable(fusesocFolder) : null;
    const detail = `FuseSoC ${version} (${portable(path)})`;
    const found = { path: portable(path), version, pythonPath };
    return { name, ok: true, required: false, detail, found };
  }
  return {
    name,
    ok: false,
    required: false,
    detail: 'not found; used by the test of generated .core files',
    remedy: `run \`python3 -m pip install fusesoc==${fusesocVersion}\`, or make PyPI reachable and run \`node setup.mjs\``,
  };
}

export async function installFusesoc() {
  await installWheels('fusesoc', `fusesoc==${fusesocVersion}`, [], async (folder) => {
    await rm(fusesocFolder, { recursive: true, force: true });
    await rename(folder, fusesocFolder);
    mkdirSync(folder);
  });
}

/**
 * @param {string} what
 * @param {string} requirement
 * @param {readonly string[]} flags
 * @param {(folder: string) => Promise<void>} keep
 */
async function installWheels(what, requirement, flags, keep) {
  const python = findPython();
  if (python === null) return;
  await withFolder(what, async (folder) => {
    const outcome = await step(`fetching ${requirement}`, () =>
      run(python, [
        ...['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', ...flags],
        ...['--target', folder, requirement],
      ]),
    );
    if (outcome.ok) await keep(folder);
    else showReason(outcome);
  });
}
