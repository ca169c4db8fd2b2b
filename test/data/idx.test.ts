import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseIdx, parseIdxImages, parseIdxLabels, readCheckedFile } from '../../src/data/idx.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { hashOf } from '../../src/util/json.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-idx-'));
afterAll(() => rmSync(folder, { recursive: true }));

function idx(sizes: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const header = sizes.flatMap((size) => [size >>> 24, size >>> 16, size >>> 8, size]);
  return Uint8Array.from([0, 0, type, sizes.length, ...header, ...values]);
}

describe('the format', () => {
  test('reads back what was written', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.nat(255), (shape, value) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const values = Array.from({ length: count }, (_, index) => (value + index) % 256);
        const parsed = parseIdx(idx(shape, values), 'it');
        expect(parsed.sizes).toEqual(shape);
        expect([...parsed.values]).toEqual(values);
      }),
    );
  });

  test.each([
    ['empty', Uint8Array.of()],
    ['another format', new TextEncoder().encode('PK and more')],
    ['floats', idx([1], [0, 0, 0, 0], 13)],
    ['no dimensions', idx([], [])],
    ['cut inside the header', idx([2, 2], []).subarray(0, 9)],
    ['cut inside the values', idx([2, 2], [1, 2, 3])],
    ['too long', idx([2], [1, 2, 3])],
    ['absurd sizes', idx([0xffffffff, 0xffffffff, 0xffffffff], [1])],
  ])('refuses a file that is %s', (_what, bytes) => {
    expect(() => parseIdx(bytes, 'it')).toThrowErrorMatchingSnapshot();
  });

  test('never fails in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, isIdxLike) => {
        if (isIdxLike) bytes.set([0, 0, 8].slice(0, bytes.length));
        try {
          parseIdx(bytes, 'it');
        } catch (error) {
          expect(error).toBeInstanceOf(AutoNbaError);
        }
      }),
    );
  });
});

test('images and labels are told apart', () => {
  const images = idx([2, 1, 2], [1, 2, 3, 4]);
  const labels = idx([2], [0, 1]);
  expect(parseIdxImages(images, 'it')).toMatchObject({
    count: 2,
    rows: 1,
    columns: 2,
    channels: 1,
  });
  expect([...parseIdxLabels(labels, 'it')]).toEqual([0, 1]);
  expect(() => parseIdxImages(labels, 'it')).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: it: its dimensions 2 are not count x rows x columns]`,
  );
  expect(() => parseIdxLabels(images, 'it')).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: it: its dimensions 2 x 1 x 2 are not those of labels]`,
  );
  expect(() => parseIdxImages(idx([3, 0, 2], []), 'it')).toThrow('count x rows x columns');
});

describe('files', () => {
  const remedy = 'fetch it again';
  const content = idx([2], [7, 8]);
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  test('may be compressed, which leaves their checksum alone', () => {
    const sha256 = hashOf(content);
    for (const bytes of [content, gzipSync(content)]) {
      expect([...readCheckedFile(write('good', bytes), { sha256, remedy })]).toEqual([...content]);
    }
  });

  test('that are missing, broken or not the original say so with the cure', () => {
    const attempt = (path: string, sha256?: string) => {
      try {
        readCheckedFile(path, { remedy, ...(sha256 === undefined ? {} : { sha256 }) });
      } catch (error) {
        if (error instanceof AutoNbaError) return `${error.message} | ${error.remedy}`;
      }
      return 'no error';
    };
    const cut = gzipSync(content).subarray(0, 20);
    expect(attempt(join(folder, 'none'))).toMatch(/none does not exist \| fetch it again$/);
    expect(attempt(write('cut.gz', cut))).toMatch(/cut.gz cannot be decompressed: .* \| fetch it/);
    expect(attempt(write('other', content), '00')).toMatch(
      /is not the original file: .* is not 00/,
    );
  });
});
