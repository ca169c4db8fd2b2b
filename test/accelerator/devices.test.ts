// Device data against what papers and data sheets say of the same parts in other words.

import { expect, test } from 'vitest';
import type { Device } from '../../src/accelerator/device.ts';
import * as devices from '../../src/accelerator/devices/index.ts';
import { explore } from '../../src/explore/explore.ts';
import { namesOf } from '../../src/util/pick.ts';
import { tiny } from '../network/tiny.ts';

test('the list has a part of every size', () => {
  expect(namesOf(devices)).toEqual([
    'alveo-u250',
    'artix7-100t',
    'asic-45nm',
    'ecp5-85f',
    'ice40-up5k',
    'ku115',
    'kv260',
    'pynq-z2',
    'ultra96-v2',
    'vx485t',
    'zc706',
    'zcu102',
    'zcu104',
  ]);
});

test.each(Object.entries<Device>(devices))('%s is whole and says its source', (_key, device) => {
  for (const name of ['dsp', 'bram18', 'lut', 'ff', 'ports'] as const) {
    expect(Number.isInteger(device[name])).toBe(true);
    expect(device[name]).toBeGreaterThan(0);
  }
  expect([32, 64, 128]).toContain(device.portBits);
  expect(device.clockMegahertz).toBeGreaterThan(0);
  expect(device.source.length).toBeGreaterThan(40);
  expect(device.silicon !== undefined).toBe(device.family === 'asic');
});

test('shares that papers print of their devices come out', () => {
  const percent = (used: number, all: number) => Math.round((used / all) * 10_000) / 100;
  const { vx485t, zc706 } = devices;
  // Zhang, FPGA 2015: DSP, LUT, FF of the VX485T.
  expect(percent(2240, vx485t.dsp)).toBe(80);
  expect(percent(186_251, vx485t.lut)).toBeCloseTo(61.3, 0);
  expect(percent(205_704, vx485t.ff)).toBeCloseTo(33.87, 1);
  // Qiu, FPGA 2016: LUT, FF of the ZC706.
  expect(percent(182_616, zc706.lut)).toBeCloseTo(83.5, 1);
  expect(percent(127_653, zc706.ff)).toBeCloseTo(29.2, 1);
});

test("the chip's cells fit its area", () => {
  const { silicon, dsp, bram18 } = devices.asic45nm;
  const cells = dsp * silicon.multiplierMillimetres2 + bram18 * silicon.memory18Millimetres2;
  expect(cells).toBeLessThan(silicon.areaMillimetres2);
  expect(cells).toBeGreaterThan(0.9 * silicon.areaMillimetres2);
});

test('explore answers for every device, and what the smallest lacks is named', () => {
  const answers = Object.entries<Device>(devices).map(([key, device]) => {
    const { fits, missing } = explore(tiny, device);
    return [key, fits, Object.keys(missing)] as const;
  });
  expect(answers.filter(([, fits]) => !fits)).toEqual([
    ['ice40Up5k', false, expect.arrayContaining(['lut'])],
  ]);
});
