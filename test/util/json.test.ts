import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  hashOf,
  readJson,
  stableStringify,
  writeFileAtomic,
  writeFileIfChanged,
  writeJson,
} from '../../src/util/json.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('stable JSON', () => {
  test('does not depend on the order of keys, at any depth', () => {
    expect(stableStringify({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      '{"a":null,"b":[{"c":2,"d":1}]}',
    );
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(stableStringify(plain))).toEqual(plain);
      }),
    );
  });

  test('hashes equal values equally and text as it is', () => {
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
    expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hashOf(new TextEncoder().encode('abc'))).toBe(hashOf('abc'));
  });
});

describe('files', () => {
  test('are written with their folders, and leave no draft behind', () => {
    const path = join(folder, 'deep', 'er', 'file.txt');
    writeFileAtomic(path, 'one');
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['file.txt']);
  });

  test('leave no draft behind either when they cannot be written', () => {
    const path = join(folder, 'taken');
    writeFileAtomic(join(path, 'inside'), '');
    expect(() => writeFileAtomic(path, 'text')).toThrow();
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('are left alone where the bytes are the same', () => {
    const path = join(folder, 'same.bin');
    expect(writeFileIfChanged(path, Uint8Array.of(1, 2))).toBe(true);
    const { mtimeNs } = statSync(path, { bigint: true });
    expect(writeFileIfChanged(path, Uint8Array.of(1, 2))).toBe(false);
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs);
    expect(writeFileIfChanged(path, Uint8Array.of(1, 3))).toBe(true);
  });

  test('say which one is missing or broken', () => {
    writeJson(join(folder, 'good.json'), { a: 1 });
    expect(readJson(join(folder, 'good.json'))).toEqual({ a: 1 });
    writeFileSync(join(folder, 'bad.json'), '{"a": ');
    expect(() => readJson(join(folder, 'bad.json'))).toThrow('bad.json is not JSON');
    expect(() => readJson(join(folder, 'none.json'))).toThrow('none.json does not exist');
  });
});
