// Which pipeline register shortens a critical path, by where the path ends.

import { mostRegisters, type PipelineRegisters } from '../accelerator/accelerator.ts';

/** Parts of the cells' names at the end of paths that each register cuts, most particular first. */
const reached: readonly (readonly [name: keyof PipelineRegisters, pattern: RegExp])[] = [
  ['sums', /u_array\.u_sums|u_store\.(sum2_q|sum1|u_sums)|gen_sums\[\d+\]/],
  ['requantizer', /u_store\.(gen_|value4_q|product3_q|last_q2)|u_requantize/],
  ['adders', /u_array\.(gen_tree|sum_q|root|tap_sum)/],
  ['rotation', /u_array\.(activation_q|weight_word_q|lanes|u_lanes|u_buffered|u_multipliers)/],
];

/**
 * The registers with one more where the path ends.
 * @returns undefined where no register reaches the path, or there are as many as the hardware has
 */
export function withOneMore(
  registers: PipelineRegisters,
  pathEnd: string,
): PipelineRegisters | undefined {
  const name = reached.find(([, pattern]) => pattern.test(pathEnd))?.[0];
  if (name === undefined || registers[name] >= mostRegisters[name]) return undefined;
  return { ...registers, [name]: registers[name] + 1 };
}
