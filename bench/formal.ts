// Proves the library's small modules and bus masters, and prints which proofs are bounded and which hold for ever.

import { proofs, prove } from '../src/synth/formal.ts';

for (const proof of proofs) {
  const { bounded, inductive, failure } = await prove(proof);
  const depth = `the first ${proof.boundedCycles} cycles ${bounded ? 'proven' : 'REFUTED'}`;
  const ever =
    inductive === null
      ? 'bounded only'
      : inductive
        ? `every cycle, by induction over ${proof.inductionCycles}`
        : 'INDUCTION FAILED';
  process.stdout.write(`${proof.module}: ${proof.claim}\n  ${depth}; ${ever}\n`);
  if (failure !== null) {
    process.stdout.write(`  ${failure}\n`);
    process.exitCode = 1;
  }
}
