// Single changes to hardware, schedule and lowering that `npm test` must notice, each with the tests to try first.

/** Tests by a short name: a file and a pattern of test names. */
export const suspects = {
  standard: ['test/rtl/selfcheck.test.ts', 's2x4x4 RTL'],
  depthwise: ['test/rtl/selfcheck.test.ts', 'd3x8 RTL'],
  wide: ['test/rtl/selfcheck.test.ts', 's3x8x8 RTL'],
  tflite: ['test/rtl/selfcheck.test.ts', 's2x4x8t RTL'],
  lut: ['test/rtl/selfcheck.test.ts', 's1x8x16w4 RTL'],
  bus32: ['test/rtl/selfcheck.test.ts', 's2x8x2b32 RTL'],
  slot16: ['test/rtl/selfcheck.test.ts', 'd4x1a16 RTL'],
  packed: ['test/rtl/selfcheck.test.ts', 's4x4x4p2 RTL'],
  ports: ['test/rtl/ports.test.ts', 'two chunks'],
  stalls: ['test/rtl/selfcheck.test.ts', 'stalls outside'],
  busError: ['test/rtl/selfcheck.test.ts', 'a bus error in access'],
  design: ['test/rtl/design.test.ts', 'real images'],
  unitBursts: ['test/rtl/unit.test.ts', 'nba_bursts'],
  unitRequantize: ['test/rtl/unit.test.ts', 'nba_requantize'],
  unitSemaphore: ['test/rtl/unit.test.ts', 'nba_semaphore'],
  unitMultipliers: ['test/rtl/unit.test.ts', 'nba_multipliers'],
  schedule: ['test/schedule', ''],
  lower: ['test/lower', ''],
  integer: ['test/integer', ''],
} as const satisfies Readonly<Record<string, readonly [file: string, pattern: string]>>;

export type Suspect = keyof typeof suspects;

/** `find` must be in the file exactly once. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly Suspect[];
}

const timing = 'src/schedule/timing.ts';
const commands = 'src/schedule/commands.ts';
const plan = 'src/schedule/plan.ts';
const descriptor = 'src/lower/descriptor.ts';
const array = 'hw/rtl/nba_array.sv';
const read = 'hw/rtl/nba_read.sv';
const store = 'hw/rtl/nba_store.sv';
const chunk = 'hw/rtl/nba_chunk.sv';
const sequencer = 'hw/rtl/nba_sequencer.sv';
const walker = 'hw/rtl/nba_walker.sv';
const bursts = 'hw/rtl/nba_bursts.sv';

export const mutations: readonly Mutation[] = [
  // Timing constants of the schedule.
  {
    name: 'handshake takes 2 cycles',
    file: timing,
    find: 'HANDSHAKE_CYCLES = 1',
    replace: 'HANDSHAKE_CYCLES = 2',
    tests: ['schedule', 'standard'],
  },
  {
    name: 'array drains in 5 cycles',
    file: timing,
    find: 'ARRAY_DRAIN_CYCLES = 4',
    replace: 'ARRAY_DRAIN_CYCLES = 5',
    tests: ['standard'],
  },
  {
    name: 'first read address a cycle later',
    file: timing,
    find: 'READ_ISSUE_CYCLES = 1',
    replace: 'READ_ISSUE_CYCLES = 2',
    tests: ['standard'],
  },
  {
    name: 'last beat written at once',
    file: timing,
    find: 'READ_WRITE_CYCLES = 1',
    replace: 'READ_WRITE_CYCLES = 0',
    tests: ['standard'],
  },
  {
    name: 'requantizer of 5 stages',
    file: timing,
    find: 'REQUANTIZE_CYCLES = 4',
    replace: 'REQUANTIZE_CYCLES = 5',
    tests: ['standard'],
  },
  {
    name: 'half-up add of 3 stages',
    file: timing,
    find: "'half-up': 2, tflite: 4",
    replace: "'half-up': 3, tflite: 4",
    tests: ['standard'],
  },
  {
    name: 'tflite add of 3 stages',
    file: timing,
    find: "'half-up': 2, tflite: 4",
    replace: "'half-up': 2, tflite: 3",
    tests: ['tflite'],
  },
  {
    name: 'a chunk starts a cycle later',
    file: timing,
    find: 'CHUNK_START_CYCLES = 9',
    replace: 'CHUNK_START_CYCLES = 10',
    tests: ['standard', 'design'],
  },
  {
    name: 'two cycles between layers',
    file: timing,
    find: 'LAYER_GAP_CYCLES = 1',
    replace: 'LAYER_GAP_CYCLES = 2',
    tests: ['design'],
  },
  {
    name: 'skipped layer a cycle shorter',
    file: timing,
    find: '\nexport const SKIP_CYCLES = 2',
    replace: '\nexport const SKIP_CYCLES = 1',
    tests: ['design', 'standard'],
  },
  {
    name: 'layer skipped ahead a cycle longer',
    file: timing,
    find: 'SKIP_AHEAD_CYCLES = 1',
    replace: 'SKIP_AHEAD_CYCLES = 2',
    tests: ['design'],
  },
  {
    name: 'beats that are apart in one burst',
    file: bursts,
    find: "    if (scattered_q) length_o = 8'd0;\n",
    replace: '',
    tests: ['unitBursts'],
  },
  {
    name: 'barrier of 3 cycles',
    file: timing,
    find: 'BARRIER_CYCLES = 2',
    replace: 'BARRIER_CYCLES = 3',
    tests: ['standard', 'design'],
  },
  // Tables, tokens and bursts of the schedule.
  {
    name: 'outstanding reads not waited for',
    file: timing,
    find: 'lastBeats[i - memory.outstandingBursts]',
    replace: 'lastBeats[i - memory.outstandingBursts - 1]',
    tests: ['schedule', 'standard'],
  },
  {
    name: 'weights of the paper order double-buffered',
    file: commands,
    find: 'weights: depth,\n    parameters: depth,\n    operand: depth,',
    replace: 'weights: 2,\n    parameters: depth,\n    operand: depth,',
    tests: ['schedule', 'standard'],
  },
  {
    name: 'single accumulator buffer in the overlapped order',
    file: commands,
    find: 'accumulators: overlapped ? plan.chunk.accumulatorBuffers : 1',
    replace: 'accumulators: 1',
    tests: ['schedule', 'wide', 'depthwise'],
  },
  {
    name: 'fills wait for a later release',
    file: commands,
    find: 'buffer.releases[buffer.fills - buffer.depth]',
    replace: 'buffer.releases[buffer.fills - buffer.depth + 1]',
    tests: ['schedule', 'standard'],
  },
  {
    name: 'bursts of 128 beats',
    file: 'src/schedule/bursts.ts',
    find: 'MAX_BURST_BEATS = 256',
    replace: 'MAX_BURST_BEATS = 128',
    tests: ['schedule', 'standard'],
  },
  {
    name: 'first bank off by one',
    file: plan,
    find: 'bank: quotient % chunk.rows',
    replace: 'bank: (quotient + 1) % chunk.rows',
    tests: ['schedule', 'lower', 'standard'],
  },
  {
    name: 'row groups of the sums overlap',
    file: plan,
    find: 'groupPitch: tileColumns * columnPitch',
    replace: 'groupPitch: tileColumns',
    tests: ['schedule', 'lower', 'standard'],
  },
  {
    name: 'tile columns start in the padding',
    file: plan,
    find: 'bufferOffset: low - left',
    replace: 'bufferOffset: 0',
    tests: ['schedule', 'lower', 'standard'],
  },
  // Lowering.
  {
    name: 'maximum pooling padded with the zero point',
    file: descriptor,
    find: "source.kind === 'maxPool' ? productRange : layer.input.zeroPoint",
    replace: 'layer.input.zeroPoint',
    tests: ['lower', 'depthwise'],
  },
  {
    name: 'operands of an add swapped',
    file: descriptor,
    find: 'swapped ? [multiplierB, multiplierA] : [multiplierA, multiplierB]',
    replace: 'swapped ? [multiplierA, multiplierB] : [multiplierB, multiplierA]',
    tests: ['lower', 'standard'],
  },
  {
    name: 'copies of a tensor without a mask',
    file: descriptor,
    find: '[place.ringMask, 16]',
    replace: '[place.ringMask >> 1, 16]',
    tests: ['lower', 'design'],
  },
  {
    name: 'input released by every step',
    file: descriptor,
    find: 'const release = next === undefined || next.newInput;',
    replace: 'const release = true;',
    tests: ['lower', 'standard'],
  },
  {
    name: 'bias without the zero point',
    file: 'src/lower/numbers.ts',
    find: '(parameters.bias[channel] ?? 0) - zeroPoint * sum',
    replace: '(parameters.bias[channel] ?? 0)',
    tests: ['lower', 'standard'],
  },
  {
    name: 'ties of negative averages rounded up',
    file: 'src/lower/numbers.ts',
    find: 'low < 0 ? Math.floor(quotient) + 1 : Math.ceil(quotient)',
    replace: 'Math.ceil(quotient)',
    tests: ['lower', 'depthwise'],
  },
  {
    name: 'weights of a group at the wrong channels',
    file: 'src/lower/weights.ts',
    find: 'step.start + lane - group * perGroup',
    replace: 'step.start + lane',
    tests: ['lower', 'standard'],
  },
  // The array.
  {
    name: 'no padding at the right',
    file: array,
    find: ' || x_tap >= width_i',
    replace: '',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'padding holds zero',
    file: array,
    find: '{ActivationLanes{zero_i}}',
    replace: "'0",
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'banks rotate the other way',
    file: array,
    find: "16'((b + Rows - p) % Rows)",
    replace: "16'((p + Rows - b) % Rows)",
    tests: ['wide', 'depthwise'],
  },
  {
    name: 'wrapped banks read a slot too early',
    file: array,
    find: 'address + group_pitch_i',
    replace: 'address + group_pitch_i - row_pitch_i',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'unsigned activations',
    file: 'hw/rtl/nba_multipliers.sv',
    find: 'negative & value[SlotBits-1]',
    replace: "1'b0 & value[SlotBits-1]",
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'maximum compares without sign',
    file: array,
    find: '$signed(addend) > $signed(sum)',
    replace: 'addend > sum',
    tests: ['depthwise'],
  },
  {
    name: 'depthwise keeps its lane group',
    file: array,
    find: 'if (!Depthwise || output_group_end) begin',
    replace: 'if (!Depthwise) begin',
    tests: ['depthwise', 'slot16'],
  },
  {
    name: 'sums of an earlier input tile forgotten',
    file: array,
    find: "(first_q ? '0 : kept[k*SumBits +: SumBits])",
    replace: "'0",
    tests: ['standard'],
  },
  {
    name: 'row group pitch of the sums doubled',
    file: array,
    find: 'sum_row_q <= sum_row_q + sum_group_pitch_i',
    replace: 'sum_row_q <= sum_row_q + sum_group_pitch_i + sum_group_pitch_i',
    tests: ['standard'],
  },
  // Reads.
  {
    name: 'bank wraps one too late',
    file: read,
    find: "bank_q + 8'd1 == Rows[7:0]",
    replace: 'bank_q == Rows[7:0]',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'stride phase never starts again',
    file: read,
    find: "phase_q <= '0;",
    replace: 'phase_q <= stride_left;',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'one read more outstanding',
    file: read,
    find: 'open_q < outstanding_i',
    replace: 'open_q <= outstanding_i',
    tests: ['standard'],
  },
  {
    name: 'read errors not reported',
    file: read,
    find: "r_valid_i && r_response_i != 2'b00",
    replace: "1'b0 && r_response_i != 2'b00",
    tests: ['busError'],
  },
  {
    name: 'bursts cross 4 KiB',
    file: bursts,
    find: 'if (!more_q || cut)',
    replace: 'if (!more_q)',
    tests: ['unitBursts', 'standard'],
  },
  {
    name: 'bursts of 255 beats',
    file: bursts,
    find: "more_q ? 8'd255 :",
    replace: "more_q ? 8'd254 :",
    tests: ['unitBursts', 'standard'],
  },
  {
    name: 'outer stride of the inner run',
    file: bursts,
    find: 'inner_end_q ? outer_stride_q : inner_stride_q',
    replace: 'inner_stride_q',
    tests: ['unitBursts', 'standard'],
  },
  // Packed products and pipeline registers.
  {
    name: 'packed weights stand one bit too near',
    file: 'hw/rtl/nba_multipliers.sv',
    find: 'WeightBits +: WeightBits]) << ProductBits);',
    replace: 'WeightBits +: WeightBits]) << (ProductBits - 1));',
    tests: ['unitMultipliers'],
  },
  {
    name: 'packed products borrow from each other',
    file: 'hw/rtl/nba_multipliers.sv',
    find: "half_of_each_field[f*ProductBits+ProductBits-1] = 1'b1",
    replace: "half_of_each_field[f*ProductBits+ProductBits-1] = 1'b0",
    tests: ['unitMultipliers'],
  },
  {
    name: 'rotation is not delayed with its lanes',
    file: array,
    find: '.Cycles(RotationRegisters)) u_rotation',
    replace: '.Cycles(0)) u_rotation',
    tests: ['packed'],
  },
  {
    name: 'spare marks are not delayed with their values',
    file: store,
    find: '.Cycles(RequantizerRegisters)) u_spare',
    replace: '.Cycles(0)) u_spare',
    tests: ['packed'],
  },
  // Requantizers and the store unit.
  {
    name: 'half-up rounds down',
    file: 'hw/rtl/nba_requantize.sv',
    find: "zero_i, 1'b1}",
    replace: "zero_i, 1'b0}",
    tests: ['unitRequantize', 'standard'],
  },
  {
    name: 'half-up shifts one too far',
    file: 'hw/rtl/nba_requantize.sv',
    find: "shift_i - 6'd1",
    replace: 'shift_i',
    tests: ['unitRequantize', 'standard'],
  },
  {
    name: 'tflite ties away from zero only upwards',
    file: 'hw/rtl/nba_requantize_tflite.sv',
    find: "(mask >> 1) + {31'd0, high[33]}",
    replace: '(mask >> 1)',
    tests: ['unitRequantize', 'tflite'],
  },
  {
    name: 'spare lanes hold a product',
    file: store,
    find: 'spare[k] ? spare_i : value4_d[k*17 +: 17]',
    replace: 'value4_d[k*17 +: 17]',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'rows in a group never wrap',
    file: store,
    find: 'if (row_in_group_end) row_offset_q <=',
    replace: 'if (row_end) row_offset_q <=',
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'operand lanes beyond the tensor kept',
    file: store,
    find: 'from_block_q >= operand_blocks_q',
    replace: 'from_block_q > operand_blocks_q',
    tests: ['standard', 'depthwise', 'wide'],
  },
  {
    name: 'one write more outstanding',
    file: store,
    find: 'burst_valid && open_q < outstanding_i',
    replace: 'burst_valid && open_q <= outstanding_i',
    tests: ['standard'],
  },
  {
    name: 'last beat of a burst one late',
    file: store,
    find: 'beat_q == length_head',
    replace: "beat_q == length_head + 8'd1",
    tests: ['standard'],
  },
  // Walkers, sequencer, tokens, images, barrier.
  {
    name: 'walker keeps the output entry',
    file: walker,
    find: "output_tiles_i != 16'd1 && (step_end || flags_o[nba_pkg::FlagLast])",
    replace: "output_tiles_i != 16'd1 && flags_o[nba_pkg::FlagLast] && !step_end",
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'walker keeps the row entry of the last tiles',
    file: walker,
    find: "step_end && column_end && row_tiles_i != 16'd1",
    replace: "step_end && column_end && row_q == '0 && row_tiles_i != 16'd1",
    tests: ['standard', 'depthwise'],
  },
  {
    name: 'weights awaited once a layer only',
    file: sequencer,
    find: 'array_wait_weights_o <= a_layer_first || many_steps;',
    replace: 'array_wait_weights_o <= a_layer_first;',
    tests: ['standard'],
  },
  {
    name: 'store does not wait for its parameters',
    file: sequencer,
    find: 'store_wait_parameters_o <= !store_begun_q || many_outputs;',
    replace: 'store_wait_parameters_o <= !store_begun_q;',
    tests: ['standard'],
  },
  {
    name: 'array does not wait for free sums',
    file: chunk,
    find: '(!array_first || free_sums)',
    replace: "(!array_first || 1'b1)",
    tests: ['standard'],
  },
  {
    name: 'store does not wait for the operand',
    file: chunk,
    find: '(!add || full_operand)',
    replace: "(!add || 1'b1)",
    tests: ['standard'],
  },
  {
    name: 'image slot without its mask',
    file: chunk,
    find: "{16'd0, image & ring[31:16]}",
    replace: "{16'd0, image}",
    tests: ['design'],
  },
  {
    name: 'layers run one epoch too early',
    file: chunk,
    find: 'in_range = epoch_i >= delay &&',
    replace: "in_range = epoch_i + 16'd1 >= delay &&",
    tests: ['design'],
  },
  {
    name: 'one free half more',
    file: 'hw/rtl/nba_semaphore.sv',
    find: "rst_ni ? depth_i : 2'd0",
    replace: "rst_ni ? depth_i + 2'd1 : 2'd0",
    tests: ['unitSemaphore', 'standard'],
  },
  {
    name: 'last epoch left out',
    file: 'hw/rtl/nba_epoch.sv',
    find: "images_i + depth_i - 16'd1",
    replace: "images_i + depth_i - 16'd2",
    tests: ['design'],
  },
  {
    name: 'barrier does not wait for every chunk',
    file: 'hw/rtl/nba_epoch.sv',
    find: "(waiting_q & ~done_i) == '0",
    replace: "(waiting_q & ~done_i) == '0 || done_i != '0",
    tests: ['design'],
  },
  {
    name: 'on-chip bursts one beat short',
    file: 'hw/rtl/nba_chip_memory.sv',
    find: "read_end = read_run && read_left == 9'd1",
    replace: "read_end = read_run && read_left <= 9'd2",
    tests: ['depthwise', 'wide'],
  },
  // Shared ports.
  {
    name: 'shared ports a cycle slower',
    file: 'src/schedule/ports.ts',
    find: 'SLOT_STAGES = 2',
    replace: 'SLOT_STAGES = 3',
    tests: ['schedule', 'ports'],
  },
  {
    name: 'turns of a shared port begin a cycle late',
    file: 'hw/rtl/nba_port.sv',
    find: "turn_begin = cycle_q == 8'd0",
    replace: "turn_begin = cycle_q == 8'd1",
    tests: ['ports'],
  },
  {
    name: 'turns of a shared port are a cycle longer',
    file: 'hw/rtl/nba_port.sv',
    find: "turn_end = cycle_q + 8'd1 >= slot_cycles_i",
    replace: 'turn_end = cycle_q >= slot_cycles_i',
    tests: ['ports'],
  },
  {
    name: 'beats of a shared port handed over a cycle late',
    file: 'hw/rtl/nba_slot.sv',
    find: "24'(read_hold_i) + 24'd1",
    replace: "24'(read_hold_i) + 24'd2",
    tests: ['ports'],
  },
];
