// The proofs of sim/formal hold, and notice a module that breaks what they claim.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { proofs, prove } from '../../src/synth/formal.ts';
import { defined } from '../../src/util/errors.ts';

const missing = [
  ['yosys-smtbmc', '--help'],
  ['yices-smt2', '--version'],
].filter(([name = '', arg = '']) => spawnSync(name, [arg]).error !== undefined);
const reason = missing.length === 0 ? '' : ` (${missing.map(([name]) => name)} not installed)`;
const timeout = 1_200_000;

test.skipIf(missing.length > 0).each(proofs)(
  `$module: $claim${reason}`,
  {
    timeout,
  },
  async (proof) => {
    const { failure, bounded, inductive } = await prove(proof);
    expect(failure).toBe(null);
    expect(bounded).toBe(true);
    expect(inductive).toBe(proof.inductionCycles === undefined ? null : true);
  },
);

const mutations = [
  ['nba_fifo', "read_q <= read_q + 1'b1", "read_q <= read_q + 2'd2"],
  ['nba_semaphore', "{1'b0, fill_i} + {1'b0, release_i}", "{1'b0, fill_i}"],
  ['nba_bursts', 'if (!more_q || cut)', 'if (!more_q)'],
  ['nba_bursts', "32'd1 : 32'd256);", "32'd1 : 32'd255);"],
  ['nba_read', 'open_q < outstanding_i', 'open_q <= outstanding_i'],
  ['nba_read', "busy_q <= 1'b1", "busy_q <= 1'b0"],
  ['nba_store', 'out_valid_q && !lengths_empty', 'out_valid_q'],
  ['nba_store', 'beat_q == length_head', "beat_q == length_head + 8'd1"],
  ['nba_store', "open_q == 5'd1", "open_q != 5'd0"],
] as const;

test.skipIf(missing.length > 0).each(mutations)(
  `%s is refuted with "%s" as "%s"${reason}`,
  {
    timeout,
  },
  async (module, from, to) => {
    const changes = proofs.filter((proof) => proof.module === module);
    const failures: (string | null)[] = [];
    for (const proof of changes)
      failures.push(
        (
          await prove(proof, (text) => {
            expect(text).toContain(from);
            return text.replace(from, to);
          })
        ).failure,
      );
    expect(
      defined(
        failures.find((failure) => failure !== null),
        'a refutation',
      ),
    ).toMatch(/Assert failed/);
  },
);
