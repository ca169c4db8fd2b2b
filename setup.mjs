// Makes a fresh clone work: packages, TensorFlow's addon, Verilator, the data set.
//
// Plain Node without dependencies, because nothing is installed yet when it runs. It may run any
// number of times; once all is well, it only compares a stamp and looks whether the files are there.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, isThere, readJson, root, toolsFile, writeJson } from './setup/common.mjs';
import { checkFashionMnist, fashionMnistKey, fetchFashionMnist } from './setup/datasets.mjs';
import { checkOptionalTools } from './setup/optional.mjs';
import { checkNode, checkPackages, installPackages, lockHash } from './setup/packages.mjs';
import {
  checkFusesoc,
  checkHlsHeaders,
  fetchHlsHeaders,
  installFusesoc,
} from './setup/python-tools.mjs';
import { addonIsThere, checkTensorflow, installTensorflow } from './setup/tensorflow.mjs';
import { checkCompiler, checkVerilator, installVerilator } from './setup/verilator.mjs';

/** @typedef {import('./setup/common.mjs').Check} Check */

const stampFile = join(cacheFolder, 'stamp.json');
const packagesStampFile = join(root, 'node_modules', '.autonba-lock-hash.json');

/**
 * Every check, changing nothing: what `autonba doctor` prints.
 * @returns {Promise<Check[]>}
 */
export async function inspect() {
  return [
    checkNode(),
    checkPackages(),
    await checkTensorflow(),
    ...checkCompiler(),
    checkVerilator(),
    checkFashionMnist(),
    checkHlsHeaders(),
    checkFusesoc(),
    ...checkOptionalTools(),
  ];
}

/**
 * Checks, repairs what it can, writes down what it found.
 * @returns {Promise<Check[]>} the checks that still fail and are not optional tools
 */
export async function setUp() {
  const node = checkNode();
  if (!node.ok) return [node];
  if (isStampValid()) return [];

  if (readJson(packagesStampFile).hash !== lockHash()) {
    if (await installPackages()) await writeJson(packagesStampFile, { hash: lockHash() });
  }
  const packages = checkPackages();
  if (!packages.ok) return [packages];

  const checks = [
    ...checkCompiler(),
    await checkAndRepair(checkTensorflow, installTensorflow),
    await checkAndRepair(checkVerilator, installVerilator),
    await checkAndRepair(checkFashionMnist, fetchFashionMnist),
    await checkAndRepair(checkHlsHeaders, fetchHlsHeaders),
    await checkAndRepair(checkFusesoc, installFusesoc),
  ];
  const found = checks.flatMap((check) => (check.found ? [[check.name, check.found]] : []));
  const { [dataSetName]: data, ...tools } = Object.fromEntries(found);
  await writeJson(toolsFile, { ...tools, data: data === undefined ? {} : { [dataSetName]: data } });

  const failed = checks.filter((check) => !check.ok);
  // A failure leaves no stamp: the next run tries again.
  if (failed.length === 0) await writeJson(stampFile, { key: stampKey() });
  return failed;
}

const dataSetName = 'fashion-mnist';

/**
 * @param {() => Check | Promise<Check>} check
 * @param {() => Promise<void>} repair
 */
async function checkAndRepair(check, repair) {
  const first = await check();
  if (first.ok) return first;
  await repair();
  return check();
}

/** Changes whenever set-up would do something else: its own text, the lock file, Node, the machine. */
function stampKey() {
  const hash = createHash('sha256');
  hash.update(
    `${lockHash()} ${fashionMnistKey} ${process.version} ${process.platform} ${process.arch} `,
  );
  const folder = join(root, 'setup');
  const parts = readdirSync(folder).map((file) => join(folder, file));
  for (const part of [...parts.sort(), fileURLToPath(import.meta.url)]) {
    hash.update(readFileSync(part));
  }
  return hash.digest('hex');
}

function isStampValid() {
  if (readJson(stampFile).key !== stampKey()) return false;
  if (readJson(packagesStampFile).hash !== lockHash() || !addonIsThere()) return false;
  const { verilator, cxx } = readJson(toolsFile);
  const tools = [verilator?.path, cxx?.path];
  if (!tools.every((path) => typeof path === 'string' && isThere(resolve(root, path))))
    return false;
  return checkFashionMnist({ sizesOnly: true }).ok;
}

async function main() {
  const failed = await setUp();
  for (const { name, detail, remedy, required } of failed) {
    const kind = required ? 'missing' : 'warning';
    process.stderr.write(`set-up: ${kind}: ${name}: ${detail}; ${remedy}\n`);
  }
  // A missing simulator stops only what needs it; without Node or packages nothing runs.
  const stops = failed.some(({ name }) => name === 'node' || name === 'packages');
  process.exitCode = stops ? 3 : 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main();
}
