// TensorFlow's native addon: tfjs-node without it is about a hundred times slower.

import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  cacheFolder,
  findPython,
  isThere,
  root,
  run,
  showReason,
  step,
  withFolder,
} from './common.mjs';

const packageFolder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const libraryFolder = join(cacheFolder, 'tensorflow');

/** The release whose C interface tfjs-node 4.22 was tried with. */
const tensorflowVersion = '2.21.0';

// Node 23 removed util.isNullOrUndefined, which tfjs-node 4.22 calls.
const loadScript = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = require('@tensorflow/tfjs-node');
const two = tf.tidy(() => tf.matMul(tf.ones([1, 2]), tf.ones([2, 1])).dataSync()[0]);
if (two !== 2) throw new Error('wrong product');
console.log(tf.getBackend() + ' ' + tf.backend().binding.TF_Version);
`;

const name = 'tensorflow';

/**
 * Loads the addon in a process of its own and multiplies two matrices.
 * @returns {Promise<import('./common.mjs').Check>}
 */
export async function checkTensorflow() {
  const outcome = await run(process.execPath, ['-e', loadScript], {
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    timeoutSeconds: 120,
  });
  const found = outcome.output.split('\n').findLast((line) => line.startsWith('tensorflow '));
  if (outcome.ok && found !== undefined) {
    const version = found.split(' ')[1] ?? 'unknown';
    return {
      name,
      ok: true,
      required: false,
      detail: `native, TensorFlow ${version}`,
      found: { native: true, version },
    };
  }
  return {
    name,
    ok: false,
    required: false,
    detail: 'the native addon does not load, so searches fall back to slow JavaScript',
    remedy:
      'install python3 with pip, g++ and make, then run `node setup.mjs`; all but search and demo training work without',
    found: { native: false },
  };
}

/** Tries the package's own installation, then a build against the libraries in a PyPI wheel. */
export async function installTensorflow() {
  if (await downloadIsReachable()) {
    const outcome = await step('installing TensorFlow', () =>
      run(process.execPath, ['scripts/install.js'], {
        cwd: packageFolder,
        env: { PATH: `${binFolder}:${process.env.PATH ?? ''}` },
        timeoutSeconds: 600,
      }),
    );
    if (outcome.ok && (await checkTensorflow()).ok) return;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  if (!isThere(join(libraryFolder, 'lib', 'libtensorflow.so')) && !(await fetchLibraries())) return;
  await buildAddon();
}

const binFolder = join(root, 'node_modules', '.bin');

/** Asks the address the package itself names, so that a closed network costs seconds, not minutes. */
async function downloadIsReachable() {
  const { binary } = createRequire(import.meta.url)(join(packageFolder, 'package.json'));
  try {
    const signal = AbortSignal.timeout(8000);
    await fetch(new URL(binary.host).origin, { method: 'HEAD', signal });
    return true;
  } catch {
    return false;
  }
}

// Only the two libraries and the C interface's headers: the wheel unpacked whole is over a gigabyte.
const unpackScript = `
import glob, os, shutil, sys, zipfile
folder, out = sys.argv[1:]
wheel = zipfile.ZipFile(glob.glob(os.path.join(folder, '*.whl'))[0])
libraries = ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2')
for member in wheel.namelist():
    if member.startswith('tensorflow/include/') and member.endswith('.h'):
        top = member.split('/')[2]
        if top not in ('tensorflow', 'tsl', 'xla'):
            continue
        target = os.path.join(out, 'include', *member.split('/')[2:])
    elif member.count('/') == 1 and os.path.basename(member) in libraries:
        target = os.path.join(out, 'lib', os.path.basename(member))
    else:
        continue
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with wheel.open(member) as source, open(target, 'wb') as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
for link, library in zip(('libtensorflow.so', 'libtensorflow_framework.so'), libraries):
    os.symlink(library, os.path.join(out, 'lib', link))
`;

async function fetchLibraries() {
  const python = findPython();
  if (python === null) return false;
  return withFolder('tensorflow-wheel', async (folder) => {
    // The wheel's Python does not matter, as only its C libraries are used.
    const target =
      '--no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311';
    const download = await step(`fetching TensorFlow ${tensorflowVersion} (about 270 MB)`, () =>
      run(python, [
        ...['-m', 'pip', 'download', '--quiet', ...target.split(' ')],
        ...['--platform', 'manylinux_2_27_x86_64', '--dest', folder],
        `tensorflow-cpu==${tensorflowVersion}`,
      ]),
    );
    if (!download.ok) {
      showReason(download);
      return false;
    }
    const draft = join(folder, 'unpacked');
    const unpack = await step('unpacking TensorFlow', () =>
      run(python, ['-c', unpackScript, folder, draft]),
    );
    if (!unpack.ok) {
      showReason(unpack);
      return false;
    }
    await rm(libraryFolder, { recursive: true, force: true });
    await rename(draft, libraryFolder);
    return true;
  });
}

/**
 * Compiles the addon's two files against Node's stable C interface. The package's own way, node-gyp,
 * would need the headers of this very Node, which it downloads.
 */
async function buildAddon() {
  const deps = join(packageFolder, 'deps');
  await rm(deps, { recursive: true, force: true });
  mkdirSync(deps);
  // Links, not copies: the libraries are 850 MB, and node_modules goes with every new lock file.
  for (const part of ['lib', 'include']) symlinkSync(join(libraryFolder, part), join(deps, part));

  const require = createRequire(join(packageFolder, 'package.json'));
  /** @type {string} Where the package looks for it: lib/napi-v8/tfjs_binding.node */
  const addon = require('@mapbox/node-pre-gyp').find(join(packageFolder, 'package.json'));
  const version = /napi-v(\d+)/.exec(addon)?.[1] ?? '8';
  mkdirSync(dirname(addon), { recursive: true });
  const outcome = await step("building TensorFlow's addon", () =>
    run('g++', [
      ...['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${version}`, '-o', addon],
      ...[`-I${createRequire(import.meta.url)('node-api-headers').include_dir}`],
      ...[`-I${join(deps, 'include')}`, `-I${dirname(packageFolder)}`],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
      ...[`-L${join(deps, 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ]),
  );
  if (!outcome.ok) showReason(outcome, 20);
}

/** Whether an addon was built or fetched, without loading it; half a second is saved each start. */
export function addonIsThere() {
  const folder = join(packageFolder, 'lib');
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
