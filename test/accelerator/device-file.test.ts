// Files that users write: what is wrong is a sentence with its line, and exit code 2.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Device } from '../../src/accelerator/device.ts';
import { readDevice } from '../../src/accelerator/device-file.ts';
import * as devices from '../../src/accelerator/devices/index.ts';
import type { EnergyTable } from '../../src/cost/energy.ts';
import { readEnergyTable } from '../../src/cost/energy-file.ts';
import * as energyTables from '../../src/cost/energy-tables/index.ts';
import { InvalidConfigError } from '../../src/util/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'data-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'mine.yaml');

function complaint(read: (path: string) => unknown, text: string): string {
  writeFileSync(path, text);
  try {
    read(path);
    return 'read';
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message.replaceAll(folder, '');
  }
}

test.each(Object.entries<Device>(devices))('%s is read back from a file', (_key, device) => {
  writeFileSync(path, stringify(device));
  expect(readDevice(path)).toEqual(device);
});

test.each(Object.entries<EnergyTable>(energyTables))(
  '%s is read back from a file',
  (_key, table) => {
    writeFileSync(path, JSON.stringify(table));
    expect(readEnergyTable(path)).toEqual(table);
  },
);

const mine = stringify(devices.asic45nm);

test('bad numbers and unknown keys of a device are named with their line', () => {
  const of = (from: string | RegExp, to: string) => {
    const text = mine.replace(from, to);
    expect(text).not.toBe(mine);
    const said = complaint(readDevice, text);
    // The line is the one that was changed; where it opens a bracket, the place where that should have closed.
    const line = text.split('\n').findIndex((own, k) => own !== mine.split('\n')[k]) + 1;
    if (!said.includes('YAML')) expect(said).toContain(`mine.yaml:${line}:`);
    return said;
  };
  expect(of(/^dsp: .*$/m, 'dsp: -4')).toMatch(/^\/mine\.yaml:\d+: dsp: Too small/);
  expect(of(/^bram18: .*$/m, 'bram18: .nan')).toMatch(/:\d+: bram18: .*NaN/);
  expect(of(/^lut: .*$/m, 'lut: 1.5')).toMatch(/:\d+: lut: .*int/);
  expect(of(/^clockMegahertz: .*$/m, 'clockMegahertz: .inf')).toMatch(
    /:\d+: clockMegahertz: .*Infinity/,
  );
  expect(of(/^ff: .*$/m, 'ff: many')).toMatch(/:\d+: ff: .*expected number/);
  expect(of(/^ports:/m, 'prots:')).toMatch(/:\d+: unknown key "prots"/);
  expect(of(/areaMillimetres2:.*/, 'areaMillimetres2: 0')).toMatch(
    /:\d+: silicon\.areaMillimetres2: Too small/,
  );
  expect(of(/energyMillijoules:/, 'energyMilijoules:')).toMatch(
    /:\d+: unknown key "silicon\.energyMilijoules"/,
  );
  expect(of(/^family: .*$/m, 'family: xc7')).toMatch(/:\d+: family: .*silicon/);
  expect(of(/^dsp: .*$/m, 'dsp: {')).toMatch(/:\d+: is not YAML/);
  expect(complaint(readDevice, '')).toMatch(/:1: .*expected object/);
  expect(() => readDevice(join(folder, 'none.yaml'))).toThrow(/does not exist/);
});

test('so are those of a table of energies', () => {
  const text = stringify(energyTables.horowitz45nm);
  const of = (from: RegExp, to: string) => complaint(readEnergyTable, text.replace(from, to));
  expect(of(/^addPicojoules: .*$/m, 'addPicojoules: -0.1')).toMatch(
    /:\d+: addPicojoules: Too small/,
  );
  expect(of(/^memory64Picojoules: .*$/m, 'memory64Picojoules: .nan')).toMatch(
    /:\d+: memory64Picojoules: .*NaN/,
  );
  expect(of(/^buffer64Picojoules:/m, 'bufferPicojoules:')).toMatch(
    /:\d+: unknown key "bufferPicojoules"/,
  );
});
