// The frame of the command line, tried with commands made for the purpose.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Command, defineCommand } from '../../src/cli/command.ts';
import type { CommandEntry } from '../../src/cli/commands.ts';
import { main } from '../../src/cli/main.ts';
import { DoesNotFitError } from '../../src/util/errors.ts';

let stdout = '';
let stderr = '';

beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const count = defineCommand({
  positionals: { what: { type: 'string', demandOption: true } },
  options: { 'target-fps': { type: 'number', default: 30 }, limit: { type: 'number' } },
  async run({ what, limit, 'target-fps': fps }, { seed, log, progress }) {
    log(`counting ${what}`);
    progress(what, 2).stop();
    return { document: { what, fps, limit: limit ?? null, seed }, text: `${what} at ${fps}` };
  },
});

function tableOf(own: Partial<Command>): Record<string, CommandEntry> {
  const other = { ...count, ...own };
  return {
    count: { usage: 'count <what>', summary: 'counts', load: async () => count },
    other: { usage: 'other [what]', summary: 'does other', load: async () => other },
  };
}

const table = tableOf({});

describe('the answer', () => {
  test('is a text for people', async () => {
    expect(await main(['count', 'sheep', '--target-fps', '60'], table)).toBe(0);
    expect(stdout).toBe('sheep at 60\n');
    expect(stderr).toMatch(/^counting sheep\nsheep: .* s\n$/);
  });

  test('is one JSON document for scripts, with everything else on stderr', async () => {
    expect(await main(['count', 'sheep', '--json', '--seed', '7', '--limit', '3'], table)).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ what: 'sheep', fps: 30, limit: 3, seed: 7 });
    expect(stderr).toContain('counting');
  });

  test('comes alone with --quiet', async () => {
    await main(['count', 'sheep', '--quiet'], table);
    expect(stderr).toBe('');
  });

  test('may be no', async () => {
    const answer = { document: { good: false }, text: 'no', exitCode: 1 } as const;
    expect(await main(['other'], tableOf({ run: async () => answer }))).toBe(1);
    expect(stdout).toBe('no\n');
  });
});

describe('a wrong command line', () => {
  test.each([
    ['coun sheep'],
    ['xyzzy'],
    ['--json'],
    ['count'],
    ['count sheep goats'],
    ['count sheep --targt-fps 3'],
    ['count sheep --seed many'],
    ['count sheep --limit much'],
  ])('%s', async (line) => {
    expect(await main(line.split(' '), table)).toBe(2);
    expect(stderr).toMatchSnapshot();
  });

  test('loads no command', async () => {
    const load = vi.fn(async () => count);
    await main(['nothing'], { count: { usage: 'count <what>', summary: 'counts', load } });
    await main(['--help'], { count: { usage: 'count <what>', summary: 'counts', load } });
    expect(load).not.toHaveBeenCalled();
  });
});

describe('an error', () => {
  test('says what is wrong and what to do', async () => {
    const run = async () => {
      throw new DoesNotFitError('the design', { dsp: 112 });
    };
    expect(await main(['other'], tableOf({ run }))).toBe(1);
    expect([stdout, stderr]).toMatchInlineSnapshot(`
      [
        "",
        "autonba: the design does not fit: 112 dsp too few
        choose a larger device, fewer lanes or smaller buffers
      ",
      ]
    `);
  });

  test('is a JSON document where one is asked for', async () => {
    const run = async () => {
      throw new DoesNotFitError('the design', { dsp: 112 });
    };
    expect(await main(['other', '--json'], tableOf({ run }))).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ name: 'DoesNotFitError' });
  });

  test('of our own is shown with its origin', async () => {
    const run = async () => {
      throw new TypeError('it is undefined');
    };
    expect(await main(['other'], tableOf({ run }))).toBe(3);
    expect(stderr).toMatch(/^autonba: it is undefined\n {2}this is a mistake in autonba/);
    expect(stderr).toContain('main.test.ts');
  });
});

test('Ctrl-C reaches the command, which ends with 130', async () => {
  const run: Command['run'] = (_args, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      process.emit('SIGINT');
    });
  const listeners = process.listenerCount('SIGINT');
  expect(await main(['other'], tableOf({ run }))).toBe(130);
  expect(stderr).toContain('press Ctrl-C again');
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

test('a reader that has seen enough is no error', async () => {
  const run = async () => {
    process.stdout.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    return { document: null, text: 'unread' };
  };
  expect(await main(['other'], tableOf({ run }))).toBe(0);
});

test('help names every command and says how to go on', async () => {
  expect(await main(['--help'], table)).toBe(0);
  expect(stdout).toMatch(/count <what> +counts\n.*other \[what\] +does other/);
  stdout = '';
  expect(await main([], table)).toBe(0);
  expect(stdout).toContain('count <what>');
});
