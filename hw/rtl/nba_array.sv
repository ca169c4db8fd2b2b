// Rows x Outputs x Inputs output-stationary array; depthwise when Depthwise = 1 (Inputs = 1, activation lane = output).
//
// start_i in cycle t: command inputs are sampled; array words in t + 1 .. t + words, one a cycle, and done_o in
// t + words + 4 (RAM, operand, product, sum) + RotationRegisters + AdderRegisters + SumRegisters. Loop order: row group, column, output group, input group, kernel row,
// kernel column. Sums leave to the partial-sum memory once per (pixel group, output group); a tile whose first_i is
// low adds to what is there. Padding taps carry the input's zero point. With maximum_i (depthwise only) the largest
// activation of a window leaves instead of the sum. No back-pressure: the tokens were taken.
//
// Registers that shorten paths: RotationRegisters (0..2) behind the choice of a lane, then also behind the buffers;
// AdderRegisters in the tree that adds a word's products, spread evenly and the last behind its root; SumRegisters
// (0, 1) behind the partial-sum memory.
module nba_array #(
  parameter int unsigned Rows = 2,
  parameter int unsigned Outputs = 4,
  parameter int unsigned Inputs = 4,
  parameter bit          Depthwise = 1'b0,
  parameter int unsigned ProductsPerDsp = 1,        // nba_multipliers
  parameter int unsigned RotationRegisters = 0,
  parameter int unsigned AdderRegisters = 0,
  parameter int unsigned SumRegisters = 0,
  parameter int unsigned SlotBits = 8,
  parameter int unsigned WeightBits = 8,
  parameter int unsigned InputLanes = 8,
  parameter int unsigned WeightWordsPerBeat = 1,
  localparam int unsigned WeightLanes = Depthwise ? 1 : Inputs,
  localparam int unsigned ActivationLanes = Depthwise ? Outputs : Inputs,
  localparam int unsigned LaneGroups = ActivationLanes < InputLanes ? InputLanes / ActivationLanes : 1,
  localparam int unsigned RowBits = (ActivationLanes > InputLanes ? ActivationLanes : InputLanes) * SlotBits,
  localparam int unsigned WeightWordBits = Outputs * WeightLanes * WeightBits,
  localparam int unsigned ProductBits = SlotBits + WeightBits + (ProductsPerDsp > 1 ? 0 : 1), // nba_multipliers
  localparam int unsigned SumBits = 32
) (
  input  logic                                         clk_i,
  input  logic                                         rst_ni,
  // Command.
  input  logic                                         start_i,
  input  logic                                         first_i,
  input  logic [15:0]                                  row_groups_i,
  input  logic [15:0]                                  columns_i,
  input  logic [15:0]                                  output_groups_i,
  input  logic [15:0]                                  input_groups_i,
  input  logic [15:0]                                  top_i,
  input  logic [15:0]                                  left_i,
  // Constants of the layer.
  input  logic [7:0]                                   kernel_rows_i,
  input  logic [7:0]                                   kernel_columns_i,
  input  logic [2:0]                                   row_stride_i,
  input  logic [2:0]                                   column_stride_i,
  input  logic [15:0]                                  height_i,
  input  logic [15:0]                                  width_i,
  input  logic [SlotBits-1:0]                          zero_i,
  input  logic                                         signed_i,
  input  logic                                         maximum_i,
  input  logic [15:0]                                  row_pitch_i,
  input  logic [15:0]                                  group_pitch_i,
  input  logic [15:0]                                  block_pitch_i,
  input  logic [15:0]                                  sum_column_pitch_i,
  input  logic [15:0]                                  sum_group_pitch_i,
  output logic                                         busy_o,
  output logic                                         done_o,
  // Buffers: addresses in one cycle, data in the next.
  output logic [Rows*16-1:0]                           input_address_o,
  input  logic [Rows*RowBits-1:0]                      input_data_i,
  output logic [15:0]                                  weight_address_o,
  input  logic [WeightWordsPerBeat*WeightWordBits-1:0] weight_data_i,
  output logic [15:0]                                  sum_raddr_o,
  input  logic [Rows*Outputs*SumBits-1:0]              sum_rdata_i,
  output logic                                         sum_we_o,
  output logic [15:0]                                  sum_waddr_o,
  output logic [Rows*Outputs*SumBits-1:0]              sum_wdata_o
);
  localparam int unsigned PackBits = WeightWordsPerBeat > 1 ? $clog2(WeightWordsPerBeat) : 1;

  // Command register.
  logic        busy_q, run_q, first_q;
  logic [15:0] columns_q, output_groups_q, input_groups_q, left_q;

  // What each loop has left, this step included, and whether this step is its last: known before it comes.
  logic [7:0]  kernel_columns_left_q, kernel_rows_left_q;
  logic [15:0] input_groups_left_q, output_groups_left_q, columns_left_q, row_groups_left_q;
  logic kernel_column_end, kernel_row_end, input_group_end, output_group_end, column_end, row_group_end;
  logic kernel_start_q, input_group_start_q;
  // Running addresses: of a row of output pixels, a pixel, a block of it; within the kernel, of a tap row and a tap,
  // and that of the next row group's.
  logic [15:0] row_offset_q, pixel_q, block_q, tap_row_q, tap_q, tap_wrapped_q, tap_row_next;
  logic [15:0] weight_q, y_q, x_q, y_tap_q, x_tap_q;
  logic [15:0] lane_group_q, wrap_q;
  logic [2:0]  phase_q, phase_next;
  logic lane_group_end, wrap_end, all_end;
  // Constants of the layer, one cycle after their inputs; commands come later.
  logic [15:0] pitch_back_q, row_step_q;

  assign lane_group_end = lane_group_q + 16'd1 == LaneGroups[15:0];
  assign wrap_end = wrap_q + 16'd1 == Rows[15:0];
  assign phase_next = phase_q + 3'd1;
  assign all_end = kernel_column_end && kernel_row_end && input_group_end && output_group_end && column_end &&
                   row_group_end;
  assign busy_o = busy_q;

  // Where the next tap row, the next pixel and their first taps lie.
  logic kernel_end, pixel_end;
  logic [15:0] row_offset_next, pixel_next, y_next, x_next, y_tap_next, x_tap_next;
  assign kernel_end = kernel_column_end && kernel_row_end;
  assign pixel_end = kernel_end && input_group_end && output_group_end;
  assign tap_row_next = tap_row_q + (phase_next == row_stride_i && !wrap_end ? pitch_back_q : row_pitch_i);
  assign row_offset_next = row_offset_q + group_pitch_i;
  assign y_next = y_q + row_step_q;
  always_comb begin
    pixel_next = column_end ? row_offset_next : pixel_q + {13'd0, column_stride_i};
    x_next = column_end ? left_q : x_q + {13'd0, column_stride_i};
    x_tap_next = pixel_end ? x_next : x_q;
    y_tap_next = pixel_end && column_end ? y_next : y_q;
    if (start_i) begin
      pixel_next = '0;
      x_next = left_i;
      x_tap_next = left_i;
      y_tap_next = top_i;
    end
  end

  // Stage 0: addresses. Banks below wrap_q = floor(kernel row / stride) mod Rows read one row group further.
  logic [15:0] address, address_wrapped;
  logic [Rows-1:0] padding0;
  logic [Rows*16-1:0] row_y;
  assign address = block_q + tap_q;
  assign address_wrapped = block_q + tap_wrapped_q;
  always_comb begin
    for (int unsigned p = 0; p < Rows; p++) begin
      input_address_o[p*16 +: 16] = p[15:0] < wrap_q ? address_wrapped : address;
      row_y[p*16 +: 16] = y_tap_q + p[15:0] * {13'd0, row_stride_i};
      // Unsigned comparison: a row above the map is a large number.
      padding0[p] = row_y[p*16 +: 16] >= height_i || x_tap_q >= width_i;
    end
  end

  generate
    if (WeightWordsPerBeat > 1) begin : gen_packed
      assign weight_address_o = weight_q >> PackBits;
    end else begin : gen_whole
      assign weight_address_o = weight_q;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      run_q <= 1'b0;
    end else if (start_i) begin
      busy_q <= 1'b1;
      run_q <= 1'b1;
    end else begin
      if (done_o) busy_q <= 1'b0;
      if (all_end) run_q <= 1'b0;
    end
    pitch_back_q <= row_pitch_i - group_pitch_i;
    row_step_q <= Rows[15:0] * {13'd0, row_stride_i};
    if (start_i) begin
      first_q <= first_i;
      columns_q <= columns_i;
      output_groups_q <= output_groups_i;
      input_groups_q <= input_groups_i;
      left_q <= left_i;
      row_groups_left_q <= row_groups_i;
      row_group_end <= row_groups_i == 16'd1;
      y_q <= top_i;
      row_offset_q <= '0;
      weight_q <= '0;
    end else if (run_q) begin
      weight_q <= weight_q + 16'd1;
      if (pixel_end) weight_q <= '0;
      if (pixel_end && column_end) begin
        row_groups_left_q <= row_groups_left_q - 16'd1;
        row_group_end <= row_groups_left_q == 16'd2;
        row_offset_q <= row_offset_next;
        y_q <= y_next;
      end
    end
    if (start_i || run_q) begin
      // Kernel columns, then rows.
      kernel_start_q <= start_i || kernel_end;
      kernel_columns_left_q <= kernel_columns_left_q - 8'd1;
      kernel_column_end <= kernel_columns_left_q == 8'd2;
      tap_q <= tap_q + 16'd1;
      tap_wrapped_q <= tap_wrapped_q + 16'd1;
      x_tap_q <= x_tap_q + 16'd1;
      if (start_i || kernel_column_end) begin
        kernel_columns_left_q <= kernel_columns_i;
        kernel_column_end <= kernel_columns_i == 8'd1;
        x_tap_q <= x_tap_next;
        kernel_rows_left_q <= kernel_rows_left_q - 8'd1;
        kernel_row_end <= kernel_rows_left_q == 8'd2;
        phase_q <= phase_next == row_stride_i ? '0 : phase_next;
        if (phase_next == row_stride_i) wrap_q <= wrap_end ? '0 : wrap_q + 16'd1;
        tap_row_q <= tap_row_next;
        tap_q <= tap_row_next;
        tap_wrapped_q <= tap_row_next + group_pitch_i;
        y_tap_q <= y_tap_q + 16'd1;
      end
      if (start_i || kernel_end) begin
        kernel_rows_left_q <= kernel_rows_i;
        kernel_row_end <= kernel_rows_i == 8'd1;
        phase_q <= '0;
        wrap_q <= '0;
        tap_row_q <= '0;
        tap_q <= '0;
        tap_wrapped_q <= group_pitch_i;
        y_tap_q <= y_tap_next;
        // Input groups, and with them lanes of a beat and blocks. Depthwise walks these with the output groups.
        input_group_start_q <= start_i || input_group_end;
        input_groups_left_q <= input_groups_left_q - 16'd1;
        input_group_end <= input_groups_left_q == 16'd2;
        lane_group_q <= lane_group_end ? '0 : lane_group_q + 16'd1;
        if (lane_group_end) block_q <= block_q + block_pitch_i;
      end
      if (start_i || (kernel_end && input_group_end)) begin
        input_groups_left_q <= start_i ? input_groups_i : input_groups_q;
        input_group_end <= (start_i ? input_groups_i : input_groups_q) == 16'd1;
        output_groups_left_q <= output_groups_left_q - 16'd1;
        output_group_end <= output_groups_left_q == 16'd2;
        if (!Depthwise) begin
          lane_group_q <= '0;
          block_q <= pixel_q;
        end
      end
      if (start_i || pixel_end) begin
        output_groups_left_q <= start_i ? output_groups_i : output_groups_q;
        output_group_end <= (start_i ? output_groups_i : output_groups_q) == 16'd1;
        lane_group_q <= '0;
        block_q <= pixel_next;
        pixel_q <= pixel_next;
        columns_left_q <= columns_left_q - 16'd1;
        column_end <= columns_left_q == 16'd2;
        x_q <= x_next;
      end
      if (start_i || (pixel_end && column_end)) begin
        columns_left_q <= start_i ? columns_i : columns_q;
        column_end <= (start_i ? columns_i : columns_q) == 16'd1;
      end
    end
  end

  // Stages: RAM data, operands, products, sums, written sums, with registers between them. Bit k of a flag register
  // belongs to stage k + 1, and bit AddAt to the products' sum that is about to be accumulated.
  localparam int unsigned AddAt = 2 + RotationRegisters + AdderRegisters;
  localparam int unsigned WriteAt = AddAt + 1 + SumRegisters;
  localparam int unsigned LaneBits = ActivationLanes * SlotBits;
  logic [WriteAt:0] valid_q, last_tap_q, end_q;
  logic [AddAt:0]   first_tap_q;
  logic [15:0] wrap1_q, lane_group1_q, wrap, lane_group;
  logic [PackBits-1:0] pack1_q, pack;
  logic [Rows-1:0] padding1_q, padding;
  logic [Rows*RowBits-1:0] buffered;
  logic [Rows*LaneBits-1:0] lanes_d, lanes, activation_q, activation_d;
  logic [WeightWordsPerBeat*WeightWordBits-1:0] weight_beat;
  logic [WeightWordBits-1:0] weight_word_d, weight_word, weight_word_q;
  logic [Rows*Outputs*WeightLanes*ProductBits-1:0] product;
  logic [Rows*Outputs*SumBits-1:0] tap_sum, sum_q;
  logic [15:0] sum_address_q;

  nba_delay #(.Width(Rows * RowBits + WeightWordsPerBeat * WeightWordBits + 16 + PackBits),
              .Cycles(RotationRegisters >= 2 ? 1 : 0)) u_buffered (
    .clk_i,
    .enable_i(1'b1),
    .data_i  ({input_data_i, weight_data_i, lane_group1_q, pack1_q}),
    .data_o  ({buffered, weight_beat, lane_group, pack})
  );
  nba_delay #(.Width(Rows * LaneBits + WeightWordBits), .Cycles(RotationRegisters >= 1 ? 1 : 0)) u_lanes (
    .clk_i,
    .enable_i(1'b1),
    .data_i  ({lanes_d, weight_word_d}),
    .data_o  ({lanes, weight_word})
  );
  nba_delay #(.Width(16 + Rows), .Cycles(RotationRegisters)) u_rotation (
    .clk_i,
    .enable_i(1'b1),
    .data_i  ({wrap1_q, padding1_q}),
    .data_o  ({wrap, padding})
  );

  // Output row p reads bank (p + wrap) mod Rows.
  always_comb begin
    for (int unsigned b = 0; b < Rows; b++)
      lanes_d[b*LaneBits +: LaneBits] = buffered[b*RowBits + 32'(lane_group)*LaneBits +: LaneBits];
    activation_d = '0;
    for (int unsigned p = 0; p < Rows; p++)
      for (int unsigned b = 0; b < Rows; b++)
        if (wrap == 16'((b + Rows - p) % Rows))
          activation_d[p*LaneBits +: LaneBits] = lanes[b*LaneBits +: LaneBits];
    for (int unsigned p = 0; p < Rows; p++)
      if (padding[p]) activation_d[p*LaneBits +: LaneBits] = {ActivationLanes{zero_i}};
  end
  generate
    if (WeightWordsPerBeat > 1) begin : gen_unpack
      assign weight_word_d = weight_beat[32'(pack)*WeightWordBits +: WeightWordBits];
    end else begin : gen_word
      assign weight_word_d = weight_beat;
      logic unused_pack;
      assign unused_pack = ^pack;
    end
  endgenerate

  nba_multipliers #(
    .Rows(Rows), .Outputs(Outputs), .Inputs(Inputs), .Depthwise(Depthwise), .ProductsPerDsp(ProductsPerDsp),
    .SlotBits(SlotBits), .WeightBits(WeightBits)
  ) u_multipliers (
    .clk_i,
    .signed_i,
    .activation_i(activation_q),
    .weight_i    (weight_word_q),
    .product_o   (product)
  );

  // The tree adds the products of a word, padded with zeros to a power of two; Group of them in every stage of registers.
  localparam int unsigned Levels = $clog2(WeightLanes);
  localparam int unsigned TreeBits = ProductBits + Levels;
  localparam int unsigned StageLevels = AdderRegisters == 0 ? Levels : (Levels + AdderRegisters - 1) / AdderRegisters;
  localparam int unsigned Group = 1 << StageLevels;

  function automatic logic [TreeBits-1:0] add_group(input logic [Group*TreeBits-1:0] terms);
    add_group = '0;
    for (int unsigned g = 0; g < Group; g++) add_group = add_group + terms[g*TreeBits +: TreeBits];
  endfunction

  logic [Rows*Outputs*TreeBits-1:0] root;
  generate
    for (genvar t = 0; t <= AdderRegisters; t++) begin : gen_tree
      // Terms of one sum that enter this stage; the last stage is the root.
      localparam int unsigned Terms = t * StageLevels >= Levels ? 1 : 1 << (Levels - t * StageLevels);
      logic [Rows*Outputs*Terms*TreeBits-1:0] terms;
      if (t == 0) begin : gen_products
        always_comb begin
          // Sum by sum: Verilator takes a wider constant for a slip.
          for (int unsigned k = 0; k < Rows * Outputs; k++) terms[k*Terms*TreeBits +: Terms*TreeBits] = '0;
          for (int unsigned k = 0; k < Rows * Outputs; k++)
            for (int unsigned n = 0; n < WeightLanes; n++)
              for (int unsigned b = 0; b < TreeBits; b++)
                terms[(k*Terms+n)*TreeBits+b] =
                  product[(k*WeightLanes+n)*ProductBits + (b < ProductBits ? b : ProductBits-1)];
        end
      end else begin : gen_sums
        localparam int unsigned Before = (t - 1) * StageLevels >= Levels ? 1 : 1 << (Levels - (t - 1) * StageLevels);
        localparam int unsigned Added = Before / Terms;
        always_ff @(posedge clk_i)
          for (int unsigned k = 0; k < Rows * Outputs * Terms; k++)
            terms[k*TreeBits +: TreeBits] <= add_group(
              (Group*TreeBits)'(gen_tree[t-1].terms[k*Added*TreeBits +: Added*TreeBits]));
      end
    end
    if (AdderRegisters == 0) begin : gen_direct
      always_comb
        for (int unsigned k = 0; k < Rows * Outputs; k++)
          root[k*TreeBits +: TreeBits] = add_group(gen_tree[0].terms[k*Group*TreeBits +: Group*TreeBits]);
    end else begin : gen_registered
      assign root = gen_tree[AdderRegisters].terms;
    end
  endgenerate
  always_comb
    for (int unsigned k = 0; k < Rows * Outputs; k++)
      for (int unsigned b = 0; b < SumBits; b++)
        tap_sum[k*SumBits+b] = root[k*TreeBits + (b < TreeBits ? b : TreeBits-1)];

  // What a sum becomes with the products of one more tap.
  function automatic logic [SumBits-1:0] accumulate(input logic [SumBits-1:0] sum, input logic [SumBits-1:0] addend,
                                                    input logic first, input logic maximum);
    accumulate = (first ? '0 : sum) + addend;
    if (Depthwise && maximum) accumulate = first || $signed(addend) > $signed(sum) ? addend : sum;
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[WriteAt-1:0], run_q};
    first_tap_q <= {first_tap_q[AddAt-1:0], kernel_start_q && input_group_start_q};
    last_tap_q <= {last_tap_q[WriteAt-1:0], kernel_column_end && kernel_row_end && input_group_end};
    end_q <= {end_q[WriteAt-1:0], all_end};
    wrap1_q <= wrap_q;
    lane_group1_q <= lane_group_q;
    pack1_q <= weight_q[PackBits-1:0];
    padding1_q <= padding0;
    activation_q <= activation_d;
    weight_word_q <= weight_word;
    if (valid_q[AddAt])
      for (int unsigned k = 0; k < Rows * Outputs; k++)
        sum_q[k*SumBits +: SumBits] <= accumulate(sum_q[k*SumBits +: SumBits], tap_sum[k*SumBits +: SumBits],
                                                  first_tap_q[AddAt], maximum_i);
  end

  // Partial-sum address: [row group][column][output group] with the layer's pitches.
  logic [15:0] groups3_left_q, columns3_left_q, sum_row_q, sum_pixel_q, sum_raddr_q, sum_row_next, sum_pixel_next;
  logic group3_end, column3_end;
  assign sum_row_next = sum_row_q + sum_group_pitch_i;
  assign sum_pixel_next = column3_end ? sum_row_next : sum_pixel_q + sum_column_pitch_i;
  assign sum_raddr_o = sum_raddr_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      groups3_left_q <= output_groups_i;
      group3_end <= output_groups_i == 16'd1;
      columns3_left_q <= columns_i;
      column3_end <= columns_i == 16'd1;
      sum_row_q <= '0;
      sum_pixel_q <= '0;
      sum_raddr_q <= '0;
    end else if (valid_q[AddAt] && last_tap_q[AddAt]) begin
      groups3_left_q <= groups3_left_q - 16'd1;
      group3_end <= groups3_left_q == 16'd2;
      sum_raddr_q <= sum_raddr_q + 16'd1;
      if (group3_end) begin
        groups3_left_q <= output_groups_q;
        group3_end <= output_groups_q == 16'd1;
        columns3_left_q <= column3_end ? columns_q : columns3_left_q - 16'd1;
        column3_end <= column3_end ? columns_q == 16'd1 : columns3_left_q == 16'd2;
        sum_pixel_q <= sum_pixel_next;
        sum_raddr_q <= sum_pixel_next;
        if (column3_end) sum_row_q <= sum_row_next;
      end
    end
    sum_address_q <= sum_raddr_q;
  end
  logic [Rows*Outputs*SumBits-1:0] kept, fresh;
  nba_delay #(.Width(2 * Rows * Outputs * SumBits + 16), .Cycles(SumRegisters)) u_sums (
    .clk_i,
    .enable_i(1'b1),
    .data_i  ({sum_rdata_i, sum_q, sum_address_q}),
    .data_o  ({kept, fresh, sum_waddr_o})
  );
  assign sum_we_o = valid_q[WriteAt] && last_tap_q[WriteAt];
  always_comb begin
    for (int unsigned k = 0; k < Rows*Outputs; k++)
      sum_wdata_o[k*SumBits +: SumBits] =
        fresh[k*SumBits +: SumBits] + (first_q ? '0 : kept[k*SumBits +: SumBits]);
  end
  assign done_o = valid_q[WriteAt] && end_q[WriteAt];
endmodule
