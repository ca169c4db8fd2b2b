// Which properties of the library's small modules and bus masters hold in every cycle, by yosys-smtbmc.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../util/paths.ts';
import { runTool } from '../util/tools.ts';

/** One module in its wrapper sim/formal/<module>.sv, and how its assertions are proven. */
export interface Proof {
  readonly module: string;
  /** Parameter `Counted` of the wrapper, where it has one: whole commands are counted, which is only bounded. */
  readonly counted?: 0 | 1;
  readonly claim: string;
  /** Wires of the wrapper -> registers inside the module that invariants speak of. */
  readonly inside: Readonly<Record<string, string>>;
  /** Cycles from reset in which no assertion can fail. */
  readonly boundedCycles: number;
  /** Length of the induction that extends this to every cycle, where it closes. */
  readonly inductionCycles?: number;
}

/** What was found. `inductive` is null where induction was not asked for. */
export interface ProofResult {
  readonly proof: Proof;
  readonly bounded: boolean;
  readonly inductive: boolean | null;
  /** The first assertion that can fail, as the tool names it; null where all hold. */
  readonly failure: string | null;
}

const readInside = {
  open_q: 'u_read.open_q',
  burst_q: 'u_read.u_bursts.valid_q',
  run_q: 'u_read.u_bursts.length_q',
  asked_write_q: 'u_asked.write_q',
  asked_read_q: 'u_asked.read_q',
};

/** All proofs, the quickest first. There is no skid buffer: what waits for a bus is held by its unit. */
export const proofs: readonly Proof[] = [
  {
    module: 'nba_semaphore',
    claim: 'tokens are neither lost nor made; what is filled is never in use',
    inside: { free_q: 'u_tokens.free_q', full_q: 'u_tokens.full_q' },
    boundedCycles: 20,
    inductionCycles: 2,
  },
  {
    module: 'nba_fifo',
    claim: 'words come out in order; empty and full are right',
    inside: {
      write_q: 'u_fifo.write_q',
      read_q: 'u_fifo.read_q',
      word0: 'u_fifo.mem[0]',
      word1: 'u_fifo.mem[1]',
      word2: 'u_fifo.mem[2]',
      word3: 'u_fifo.mem[3]',
    },
    boundedCycles: 20,
    inductionCycles: 2,
  },
  {
    module: 'nba_bursts',
    claim: 'bursts of 1 to 256 beats within 4 KiB, held until taken, none missing',
    inside: {
      last_q: 'u_bursts.last_q',
      run_q: 'u_bursts.length_q',
      inner_q: 'u_bursts.inner_q',
      inner_left_q: 'u_bursts.inner_left_q',
      outer_left_q: 'u_bursts.outer_left_q',
      step_q: 'u_bursts.step_q',
    },
    boundedCycles: 4,
    inductionCycles: 2,
  },
  {
    module: 'nba_read',
    counted: 0,
    claim: 'AXI4 read addresses: held, within 4 KiB, no more open than allowed',
    inside: readInside,
    boundedCycles: 6,
    inductionCycles: 2,
  },
  {
    module: 'nba_read',
    counted: 1,
    claim: 'AXI4 read data: every beat of a command awaited, none beside',
    inside: readInside,
    boundedCycles: 9,
  },
  {
    module: 'nba_store',
    claim: 'AXI4 writes: held, within 4 KiB, data after its address, WLAST, answers awaited',
    inside: {
      open_q: 'u_store.open_q',
      burst_q: 'u_store.u_bursts.valid_q',
      run_q: 'u_store.u_bursts.length_q',
      lengths_write_q: 'u_store.u_lengths.write_q',
      lengths_read_q: 'u_store.u_lengths.read_q',
      head: 'u_store.length_head',
      beat_q: 'u_store.beat_q',
    },
    boundedCycles: 6,
    inductionCycles: 2,
  },
];

/** Modules that a wrapper may need; the others would only be parsed. */
const library =
  /^nba_(pkg|fifo|semaphore|bursts|read|store|requantize|requantize_tflite|delay)\.sv$/;

/** The yosys script; products are cut, because no property speaks of values. */
function script({ module, counted, inside }: Proof, files: readonly string[]): string {
  const top = `formal_${module}`;
  // Words of a memory are wires only where it is mapped, and `connect` takes their brackets for a slice.
  const isMapped = Object.values(inside).some((wire) => wire.includes('['));
  const links = Object.entries(inside).flatMap(([wire, register]) =>
    register.includes('[')
      ? [`rename ${register} inside_${wire}`, `connect -set ${wire} inside_${wire}`]
      : [`connect -set ${wire} ${register}`],
  );
  return [
    `read_verilog -sv -formal ${files.join(' ')}`,
    ...(counted === undefined ? [] : [`chparam -set Counted ${counted} ${top}`]),
    `prep -flatten -top ${top}`,
    'cutpoint t:$mul',
    ...(isMapped ? ['memory_map'] : []),
    `cd ${top}`,
    ...links,
    'opt_clean',
    'write_smt2 -wires proof.smt2',
  ].join('\n');
}

/**
 * Proves one module.
 * @param change edits the module's text, to see whether its proof notices
 * @throws ToolMissingError without yosys (which brings yosys-smtbmc) or yices-smt2
 */
export async function prove(
  proof: Proof,
  change: (text: string) => string = (text) => text,
): Promise<ProofResult> {
  await runTool('yices-smt2', ['--version']);
  const folder = mkdtempSync(join(tmpdir(), 'autonba-formal-'));
  try {
    const rtl = join(projectRoot, 'hw', 'rtl');
    const names = readdirSync(rtl).filter((name) => library.test(name));
    names.sort((a, b) => Number(b === 'nba_pkg.sv') - Number(a === 'nba_pkg.sv'));
    for (const name of names) {
      const text = readFileSync(join(rtl, name), 'utf8');
      writeFileSync(join(folder, name), name === `${proof.module}.sv` ? change(text) : text);
    }
    const wrapper = join(projectRoot, 'sim', 'formal', `${proof.module}.sv`);
    writeFileSync(join(folder, 'wrapper.sv'), readFileSync(wrapper, 'utf8'));
    writeFileSync(join(folder, 'proof.ys'), script(proof, [...names, 'wrapper.sv']));
    await runTool('yosys', ['-q', '-s', 'proof.ys'], { cwd: folder });
    const ask = async (...args: readonly string[]) => {
      const run = await runTool(
        'yosys-smtbmc',
        ['--noprogress', '-s', 'yices', ...args, 'proof.smt2'],
        { cwd: folder, acceptedExitCodes: [1] },
      );
      return { holds: / Status: PASSED/.test(run.stdout), text: run.stdout };
    };
    const bounded = await ask('-t', String(proof.boundedCycles));
    const { inductionCycles } = proof;
    const inductive =
      inductionCycles === undefined ? null : await ask('-i', '-t', String(inductionCycles));
    const failed = [bounded, inductive].find((answer) => answer !== null && !answer.holds);
    return {
      proof,
      bounded: bounded.holds,
      inductive: inductive === null ? null : inductive.holds,
      failure:
        failed == null ? null : (/Assert failed in .*/.exec(failed.text)?.[0] ?? failed.text),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
