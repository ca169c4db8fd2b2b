import { expect, test } from 'vitest';
import { mostRegisters, noRegisters } from '../../src/accelerator/accelerator.ts';
import { withOneMore } from '../../src/synth/registers.ts';

// Names as yosys 0.23 and nextpnr 0.11 leave them in chunks that were placed.
test.each([
  ['u_store.value4_q_TRELLIS_FF_Q_13', 'requantizer'],
  ['u_store.gen_lane[0].gen_half_up.u_requantize.u_shifted.data_o_TRELLIS_FF_Q', 'requantizer'],
  ['u_store.sum2_q_TRELLIS_FF_Q_9', 'sums'],
  ['u_array.gen_tree[1].gen_sums.terms_TRELLIS_FF_Q_3', 'adders'],
  ['u_array.sum_q_TRELLIS_FF_Q_21', 'adders'],
  ['u_array.activation_q_TRELLIS_FF_Q_21', 'rotation'],
  ['gen_sums[1].u_sums.mem.0.0', 'sums'],
] as const)('a path to %s is cut by %s', (cell, name) => {
  expect(withOneMore(noRegisters, cell)).toEqual({ ...noRegisters, [name]: 1 });
  expect(withOneMore(mostRegisters, cell)).toBeUndefined();
});

test('no register reaches the burst cutter', () => {
  expect(withOneMore(noRegisters, 'u_store.u_bursts.address_q_TRELLIS_FF_Q_29')).toBeUndefined();
  expect(withOneMore(noRegisters, 'u_sequencer.read_address_TRELLIS_FF_Q')).toBeUndefined();
});
