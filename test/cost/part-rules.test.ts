import { expect, test } from 'vitest';
import type { Device } from '../../src/accelerator/device.ts';
import * as devices from '../../src/accelerator/devices/index.ts';
import { rulesOf } from '../../src/cost/part-rules.ts';
import { explore } from '../../src/explore/explore.ts';
import { resnet8 } from '../../src/network/networks/index.ts';
import { defined } from '../../src/util/errors.ts';
import { tinyDesign } from '../synth/tiny-directory.ts';

const room = { layerCapacity: 4, tableDepth: 16 };
const chunk = defined(tinyDesign.accelerator.chunks[0], 'chunk');

test('two packed products fit one block of 25 x 18 bits, and take two of 18 x 18', () => {
  const packed = { ...chunk, multiplier: 'dsp2' as const };
  const alone = { ...chunk, multiplier: 'lut' as const };
  const blocksOf = (device: Pick<Device, 'family'>): number => {
    const { dspOf } = rulesOf(device);
    return dspOf(packed) - dspOf(alone);
  };
  expect(blocksOf(devices.zc706)).toBeGreaterThan(0);
  expect(blocksOf(devices.ecp5x85f)).toBe(2 * blocksOf(devices.zc706));
});

test('the rules of every family never promise a chunk more than they count', () => {
  for (const device of Object.values(devices)) {
    const rules = rulesOf(device);
    const { dsp, bram18 } = rules.count(chunk, room, 64);
    expect(rules.dspOf(chunk)).toBe(dsp);
    const deep = rules.count({ ...chunk, chipWords: 1024 }, room, 64);
    expect(deep.bram18 - bram18).toBeGreaterThanOrEqual(rules.leastRam(64, 1024));
  }
});

test("exploring for an ECP5 promises what its family's rules count", () => {
  const result = explore(resnet8.build(), devices.ecp5x85f);
  expect(result).toMatchObject({ fits: true, provenOptimal: true });
  const { count } = rulesOf(devices.ecp5x85f);
  expect(result.chunks.length).toBeGreaterThan(0);
  for (const { resources, ...own } of result.chunks)
    expect(resources.dsp).toBe(count(own, room, 32).dsp);
});
