// Node itself and the packages of the lock file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere, root, run, step } from './common.mjs';

const wanted = { major: 20, minor: 19 };

/** @returns {import('./common.mjs').Check} */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > wanted.major || (major === wanted.major && minor >= wanted.minor);
  if (ok) return { name: 'node', ok, required: true, detail: `Node ${version}` };
  return {
    name: 'node',
    ok,
    required: true,
    detail: `Node ${version} is too old`,
    remedy: `install Node ${wanted.major}.${wanted.minor} or newer from https://nodejs.org`,
  };
}

/** The lock file's hash: what node_modules must have been installed from. */
export function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @returns {import('./common.mjs').Check} */
export function checkPackages() {
  const ok = isThere(join(root, 'node_modules', '.package-lock.json'));
  const name = 'packages';
  if (ok) return { name, ok, required: true, detail: 'installed from the lock file' };
  return {
    name,
    ok,
    required: true,
    detail: 'node_modules is missing',
    remedy: 'run `node setup.mjs`; it needs the npm registry once',
  };
}

/**
 * Installs the packages without their scripts: TensorFlow's would fail the whole installation where
 * its download is out of reach, and it is the only script we need (see tensorflow.mjs).
 */
export async function installPackages() {
  const outcome = await step('installing packages from the lock file', () =>
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      // The tests need the development packages whatever the caller's environment says.
      env: { NODE_ENV: 'development' },
    }),
  );
  if (!outcome.ok) process.stderr.write(`${reasonOf(outcome.output)}\n`);
  return outcome.ok;
}

/**
 * npm's own sentences; the rest of what it prints is its manual.
 * @param {string} output
 */
function reasonOf(output) {
  return output
    .split('\n')
    .filter((line) => line.startsWith('npm error'))
    .slice(0, 12)
    .join('\n');
}
