import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { networkHash } from '../../src/network/hash.ts';
import { readNetwork, writeNetwork } from '../../src/network/network-file.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { createRng } from '../../src/util/rng.ts';
import { tiny, tinyConv, tinyParameters, withConv } from './tiny.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'network-file-'));
  path = join(folder, 'tiny.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What readNetwork says, without the folder's name. */
function complaint(): string {
  try {
    readNetwork(path);
  } catch (error) {
    if (error instanceof AutoNbaError) return error.message.replaceAll(folder, '');
    throw error;
  }
  return 'read';
}

/** The tiny network's file with one piece of its text replaced. */
function edited(from: string | RegExp, to: string): string {
  writeNetwork(path, tiny);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
  return complaint();
}

test('what is written is read back', () => {
  for (let seed = 0; seed < 20; seed++) {
    const network = randomNetwork(createRng(seed), { operators: 4 });
    writeNetwork(path, network);
    expect(readNetwork(path)).toEqual(network);
  }
});

test('the same network gives the same bytes and hash; a changed weight gives another hash', () => {
  writeNetwork(path, tiny);
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'hex'));
  writeNetwork(path, readNetwork(path));
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'hex'))).toEqual(bytes);
  expect(networkHash(readNetwork(path))).toBe(networkHash(tiny));
  const weights = tinyParameters.weights.with(0, 1);
  const changed = withConv({ parameters: { ...tinyParameters, weights } });
  expect(networkHash(changed)).not.toBe(networkHash(tiny));
});

test('a network without weights is one file', () => {
  const network = {
    ...tiny,
    output: 'map',
    operators: [tinyConv],
    tensors: tiny.tensors.slice(0, 2),
  };
  writeNetwork(path, network);
  expect(readdirSync(folder)).toEqual(['tiny.json']);
  expect(readNetwork(path)).toEqual(network);
});

describe('hostile files', () => {
  test('missing, a folder, not JSON', () => {
    expect(complaint()).toMatchInlineSnapshot(`""/tiny.json": cannot be read (ENOENT)"`);
    path = folder;
    expect(complaint()).toMatchInlineSnapshot(`""": is not a file"`);
    path = join(folder, 'tiny.json');
    writeFileSync(path, '{"format":');
    expect(complaint()).toMatchInlineSnapshot(
      `""/tiny.json": is not JSON (Unexpected end of JSON input)"`,
    );
  });

  test('wrong types and names name their place', () => {
    expect(edited('"bits":8', '"bits":"8"')).toMatchInlineSnapshot(
      `"network file: tensors.0.bits: Invalid input: expected number, received string"`,
    );
    expect(edited('"kind":"conv"', '"kind":"convolve"')).toMatchInlineSnapshot(
      `"operator "conv": kind: Invalid discriminator value. Expected 'conv' | 'depthwiseConv' | 'fullyConnected' | 'add' | 'averagePool' | 'maxPool' | 'globalAveragePool' | 'channelShuffle' | 'hostOnly'"`,
    );
    expect(edited('"stride":[1,1]', '"stride":[1]')).toMatchInlineSnapshot(
      `"operator "conv": stride: Too small: expected array to have >=2 items"`,
    );
    expect(edited('"groups":1', '"groups":1,"dilation":2')).toMatchInlineSnapshot(
      `"operator "conv": Unrecognized key: "dilation""`,
    );
    expect(edited('"tiny.bin"', '"../tiny.bin"')).toMatchInlineSnapshot(
      `"network file: weightsFile.name: Invalid string: must match pattern /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\\.bin$/"`,
    );
  });

  test('a binary that is missing, short, changed or not fully described', () => {
    expect(edited('"tiny.bin"', '"other.bin"')).toMatchInlineSnapshot(
      `""/other.bin": cannot be read (ENOENT)"`,
    );
    expect(edited(/"bytes":\d+/, '"bytes":1e15')).toMatchInlineSnapshot(
      `""/tiny.bin": has 36 bytes where 1000000000000000 are expected"`,
    );
    writeNetwork(path, tiny);
    const binary = join(folder, 'tiny.bin');
    writeFileSync(binary, readFileSync(binary).fill(1));
    expect(complaint()).toMatchInlineSnapshot(
      `"binary "tiny.bin": its contents are not those the network file was written with"`,
    );
  });

  test('arrays outside the binary, or over each other, allocate nothing', () => {
    expect(edited('{"length":9,"offset":4}', '{"length":9e15,"offset":4}')).toMatchInlineSnapshot(
      `"operator "conv": its weights are said to be 9000000000000000 integers at byte 4, which does not match the binary"`,
    );
    expect(edited('{"length":9,"offset":4}', '{"length":9,"offset":0}')).toMatchInlineSnapshot(
      `"operator "conv": its weights are said to be 9 integers at byte 0, which does not match the binary"`,
    );
    expect(edited(/"parameters":\{"bias".*?"offset":4\}\},/, '')).toMatchInlineSnapshot(
      `"operator "classes": its biases are said to be 2 integers at byte 24, which does not match the binary"`,
    );
  });
});
