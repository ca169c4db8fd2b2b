// Store unit: requantizes Lanes sums a cycle, adds a second operand where the layer asks, packs beats and writes them.
//
// start_i in cycle t: command inputs are sampled; the first piece is read in t + 1 and the last piece of the first
// beat is registered in t + pieces + Stages. done_o is high in the cycle of the last write response.
// The pipeline stalls as a whole while the output register waits for the bus. Lanes whose record is marked spare
// leave as spare_i, and operand lanes beyond the tensor are replaced by its zero point.
// Record, half-up: bias 32, multiplier 16, shift 6, spare 1. Record, Tflite: bias 32, multiplier 32, left shift 5,
// right shift 5, spare 1 in 128 bits.
//
// Stages: 4 (RAM, sum, product, value); where HasAdd 2 more, or 4 where Tflite too. SumRegisters (0, 1) is one more behind
// the choice among the sums; RequantizerRegisters (0..3) as many more in every requantizer that a value passes.
module nba_store #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned Rows = 2,
  parameter int unsigned Outputs = 4,
  parameter int unsigned Lanes = 2,
  parameter bit          HasAdd = 1'b0,
  parameter bit          Tflite = 1'b0,
  parameter int unsigned SumRegisters = 0,
  parameter int unsigned RequantizerRegisters = 0,
  parameter logic [3:0]  OutputSlots = 4'b0100,   // bit k: slots of 2^(k+1) bits
  parameter logic [3:0]  OperandSlots = 4'b0100,
  localparam int unsigned SumBits = 32,
  localparam int unsigned RecordBits = Tflite ? 128 : 64,
  localparam int unsigned Subs = Outputs / Lanes
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  // Command.
  input  logic                            start_i,
  input  logic [31:0]                     address_i,
  input  logic [19:0]                     outer_i,
  input  logic [19:0]                     inner_i,
  input  logic [31:0]                     length_i,
  input  logic [31:0]                     outer_stride_i,
  input  logic [31:0]                     inner_stride_i,
  input  logic [11:0]                     blocks_i,
  input  logic [11:0]                     rows_i,
  input  logic [11:0]                     columns_i,
  input  logic [11:0]                     operand_blocks_i,
  // Constants of the layer.
  input  logic [4:0]                      outstanding_i,
  input  logic [7:0]                      pieces_i,
  input  logic [1:0]                      slot_i,
  input  logic [16:0]                     zero_i,
  input  logic [16:0]                     low_i,
  input  logic [16:0]                     high_i,
  input  logic [16:0]                     spare_i,
  input  logic [15:0]                     sum_column_pitch_i,
  input  logic [15:0]                     sum_group_pitch_i,
  input  logic                            add_i,
  input  logic                            single_i,
  input  logic                            operand_signed_i,
  input  logic [1:0]                      operand_slot_i,
  input  logic [15:0]                     operand_pitch_i,
  input  logic [31:0]                     add_multipliers_i,        // half-up: left 16, right 16; Tflite: left
  input  logic [31:0]                     add_right_multiplier_i,   // Tflite only, and so the next
  input  logic [31:0]                     add_output_multiplier_i,
  input  logic [31:0]                     add_shift_i,              // bytes: left or the only one, right, output
  input  logic [16:0]                     add_left_zero_i,
  input  logic [16:0]                     add_right_zero_i,
  input  logic [16:0]                     add_zero_i,
  input  logic [16:0]                     add_low_i,
  input  logic [16:0]                     add_high_i,
  output logic                            busy_o,
  output logic                            done_o,
  output logic                            error_o,
  // Buffers: addresses in one cycle, data in the next while read_o.
  output logic                            read_o,
  output logic [15:0]                     sum_address_o,
  input  logic [Rows*Outputs*SumBits-1:0] sum_data_i,
  output logic [15:0]                     record_address_o,
  input  logic [Lanes*RecordBits-1:0]     record_data_i,
  output logic [15:0]                     operand_address_o,
  input  logic [BusBits-1:0]              operand_data_i,
  // AXI4 write channels.
  output logic                            aw_valid_o,
  input  logic                            aw_ready_i,
  output logic [31:0]                     aw_address_o,
  output logic [7:0]                      aw_length_o,
  output logic                            w_valid_o,
  input  logic                            w_ready_i,
  output logic [BusBits-1:0]              w_data_o,
  output logic                            w_last_o,
  input  logic                            b_valid_i,
  input  logic [1:0]                      b_response_i
);
  localparam int unsigned ByteBits = $clog2(BusBits / 8);
  localparam int unsigned ValueStages = 4 + SumRegisters + RequantizerRegisters;
  localparam int unsigned AddStages = Tflite ? 4 + 2 * RequantizerRegisters : 2 + RequantizerRegisters;
  localparam int unsigned Stages = ValueStages + (HasAdd ? AddStages : 0);
  localparam int unsigned ProductBits = Tflite ? 64 : 49;
  localparam int unsigned MultiplierBits = Tflite ? 32 : 16;
  localparam int unsigned ShiftBits = Tflite ? 5 : 6;
  localparam int unsigned AddBits = 36;
  // Fields of a record behind bias and multiplier.
  localparam int unsigned LeftOffset = Tflite ? 64 : 48;
  localparam int unsigned ShiftOffset = Tflite ? 72 : 48;
  localparam int unsigned SpareOffset = Tflite ? 80 : 54;

  // Command register and addresses of bursts.
  logic        busy_q, run_q, enable, issue, burst_valid, accepted;
  logic [31:0] burst_address;
  logic [11:0] rows_q, columns_q, operand_blocks_q;
  logic [4:0]  open_q;

  nba_bursts #(.BusBits(BusBits)) u_bursts (
    .clk_i,
    .rst_ni,
    .load_i        (start_i),
    .address_i,
    .outer_i,
    .inner_i,
    .length_i,
    .outer_stride_i,
    .inner_stride_i,
    .step_i        (3'd1),
    .ok_i          (issue),
    .valid_o       (burst_valid),
    .address_o     (burst_address),
    .length_o      (aw_length_o)
  );
  assign aw_valid_o = burst_valid && open_q < outstanding_i;
  assign issue = aw_valid_o && aw_ready_i;
  assign aw_address_o = burst_address << ByteBits;
  assign busy_o = busy_q;

  // Stage 0: walk [block][row][column][piece]. Sums of channel c lie in output group c / Outputs, lane c mod Outputs.
  // Left of the tile, this piece included; whether this piece is the last of each is known before it comes.
  logic [7:0]  pieces_left_q;
  logic [15:0] group_q, group_base_q, group_next, sub_q, sub_base_q, sub_next;
  logic [15:0] record_q, record_base_q, row_in_group_q, row_offset_q, column_offset_q, operand_pixel_q;
  logic [11:0] columns_left_q, rows_left_q, blocks_left_q;
  logic        piece_end, column_end, row_end, block_end, sub_end, row_in_group_end;
  assign sub_end = sub_q + 16'd1 == Subs[15:0];
  assign row_in_group_end = row_in_group_q + 16'd1 == Rows[15:0];
  assign sub_next = sub_end ? 16'd0 : sub_q + 16'd1;
  assign group_next = sub_end ? group_q + 16'd1 : group_q;
  assign sum_address_o = row_offset_q + column_offset_q + group_q;
  assign record_address_o = record_q;
  assign read_o = enable;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      run_q <= 1'b0;
    end else if (start_i) begin
      busy_q <= 1'b1;
      run_q <= 1'b1;
    end else begin
      if (done_o) busy_q <= 1'b0;
      if (enable && piece_end && column_end && row_end && block_end) run_q <= 1'b0;
    end
    if (start_i) begin
      rows_q <= rows_i;
      columns_q <= columns_i;
      operand_blocks_q <= operand_blocks_i;
      pieces_left_q <= pieces_i;
      piece_end <= pieces_i == 8'd1;
      columns_left_q <= columns_i;
      column_end <= columns_i == 12'd1;
      rows_left_q <= rows_i;
      row_end <= rows_i == 12'd1;
      blocks_left_q <= blocks_i;
      block_end <= blocks_i == 12'd1;
      group_q <= '0;
      group_base_q <= '0;
      sub_q <= '0;
      sub_base_q <= '0;
      record_q <= '0;
      record_base_q <= '0;
      row_in_group_q <= '0;
      row_offset_q <= '0;
      column_offset_q <= '0;
      operand_pixel_q <= '0;
    end else if (run_q && enable) begin
      pieces_left_q <= piece_end ? pieces_i : pieces_left_q - 8'd1;
      piece_end <= piece_end ? pieces_i == 8'd1 : pieces_left_q == 8'd2;
      sub_q <= sub_next;
      group_q <= group_next;
      record_q <= record_q + 16'd1;
      if (piece_end) begin
        // The next pixel of this block starts at the block's first channel again.
        sub_q <= sub_base_q;
        group_q <= group_base_q;
        record_q <= record_base_q;
        columns_left_q <= column_end ? columns_q : columns_left_q - 12'd1;
        column_end <= column_end ? columns_q == 12'd1 : columns_left_q == 12'd2;
        column_offset_q <= column_end ? '0 : column_offset_q + sum_column_pitch_i;
        operand_pixel_q <= operand_pixel_q + 16'd1;
        if (column_end) begin
          rows_left_q <= row_end ? rows_q : rows_left_q - 12'd1;
          row_end <= row_end ? rows_q == 12'd1 : rows_left_q == 12'd2;
          row_in_group_q <= row_in_group_end ? '0 : row_in_group_q + 16'd1;
          if (row_in_group_end) row_offset_q <= row_offset_q + sum_group_pitch_i;
          if (row_end) begin
            row_in_group_q <= '0;
            row_offset_q <= '0;
            operand_pixel_q <= '0;
            blocks_left_q <= blocks_left_q - 12'd1;
            block_end <= blocks_left_q == 12'd2;
            sub_q <= sub_next;
            sub_base_q <= sub_next;
            group_q <= group_next;
            group_base_q <= group_next;
            record_q <= record_q + 16'd1;
            record_base_q <= record_q + 16'd1;
          end
        end
      end
    end
  end

  // Stages 1..Stages. Bit k of a flag register belongs to stage k + 1.
  logic [Stages-1:0]            valid_q, last_q;
  logic [15:0]                  row1_q, sub1_q;
  logic [Lanes*SumBits-1:0]     sum2_q;
  logic [Lanes*MultiplierBits-1:0] multiplier2_q;
  logic [Lanes*ShiftBits-1:0]   shift2_q, shift3_q;
  logic [Lanes*5-1:0]           left2_q;
  logic [Lanes-1:0]             spare2_q, spare3_q, spare;
  logic [Lanes*SumBits-1:0]     sum1_d, sum1;
  logic [Lanes*RecordBits-1:0]  record1;
  logic [Lanes*ProductBits-1:0] product3_q;
  logic [Lanes*17-1:0]          value4_q, value4_d, value;

  function automatic logic [ProductBits-1:0] scale(input logic [SumBits-1:0] sum,
                                                   input logic [MultiplierBits-1:0] multiplier,
                                                   input logic [4:0] left);
    logic [SumBits-1:0] shifted;
    shifted = Tflite ? sum << left : sum;
    scale = $signed({{(ProductBits-SumBits){shifted[SumBits-1]}}, shifted}) *
            $signed({{(ProductBits-MultiplierBits){1'b0}}, multiplier});
  endfunction

  always_comb
    for (int unsigned k = 0; k < Lanes; k++)
      sum1_d[k*SumBits +: SumBits] = sum_data_i[(32'(row1_q)*Outputs + 32'(sub1_q)*Lanes + k)*SumBits +: SumBits];
  nba_delay #(.Width(Lanes * (SumBits + RecordBits)), .Cycles(SumRegisters)) u_sums (
    .clk_i, .enable_i(enable), .data_i({sum1_d, record_data_i}), .data_o({sum1, record1})
  );
  nba_delay #(.Width(Lanes), .Cycles(RequantizerRegisters)) u_spare (
    .clk_i, .enable_i(enable), .data_i(spare3_q), .data_o(spare)
  );

  generate
    for (genvar k = 0; k < Lanes; k++) begin : gen_lane
      if (Tflite) begin : gen_tflite
        logic [33:0] unused_rounded;
        nba_requantize_tflite #(.Registers(RequantizerRegisters)) u_requantize (
          .clk_i,
          .enable_i(enable),
          .product_i(product3_q[k*ProductBits +: ProductBits]),
          .right_i  (shift3_q[k*ShiftBits +: ShiftBits]),
          .single_i,
          .zero_i,
          .low_i,
          .high_i,
          .rounded_o(unused_rounded),
          .value_o  (value4_d[k*17 +: 17])
        );
      end else begin : gen_half_up
        nba_requantize #(.ProductBits(ProductBits), .Registers(RequantizerRegisters)) u_requantize (
          .clk_i,
          .enable_i (enable),
          .product_i(product3_q[k*ProductBits +: ProductBits]),
          .shift_i  (shift3_q[k*ShiftBits +: ShiftBits]),
          .zero_i,
          .low_i,
          .high_i,
          .value_o  (value4_d[k*17 +: 17])
        );
      end
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (enable) valid_q <= {valid_q[Stages-2:0], run_q};
    if (enable) begin
      last_q <= {last_q[Stages-2:0], piece_end};
      row1_q <= row_in_group_q;
      sub1_q <= sub_q;
      for (int unsigned k = 0; k < Lanes; k++) begin
        sum2_q[k*SumBits +: SumBits] <= sum1[k*SumBits +: SumBits] + record1[k*RecordBits +: SumBits];
        multiplier2_q[k*MultiplierBits +: MultiplierBits] <= record1[k*RecordBits+32 +: MultiplierBits];
        left2_q[k*5 +: 5] <= Tflite ? record1[k*RecordBits+LeftOffset +: 5] : 5'd0;
        shift2_q[k*ShiftBits +: ShiftBits] <= record1[k*RecordBits+ShiftOffset +: ShiftBits];
        spare2_q[k] <= record1[k*RecordBits+SpareOffset];
        value4_q[k*17 +: 17] <= spare[k] ? spare_i : value4_d[k*17 +: 17];
        product3_q[k*ProductBits +: ProductBits] <=
          scale(sum2_q[k*SumBits +: SumBits], multiplier2_q[k*MultiplierBits +: MultiplierBits],
                left2_q[k*5 +: 5]);
      end
      shift3_q <= shift2_q;
      spare3_q <= spare2_q;
    end
  end

  // Second operand: its own walk over lanes and blocks, because its slot may differ from the output's.
  generate
    if (HasAdd) begin : gen_add
      logic [7:0]  part_q, part_base_q, part_next, parts;
      logic [11:0] from_block_q, from_block_base_q, from_block_next;
      logic [15:0] from_q, from_base_q, from_next;
      logic        part_end;
      logic        beyond1_q;
      logic [7:0]  part1_q;
      logic [Lanes*17-1:0] right, right1_d; // right: beside value4_q
      logic [Lanes*17-1:0] sum_value;       // the sum, in the last stage's input
      logic [Lanes*17-1:0] kept;            // the product's values, past the adder
      logic [Lanes*17-1:0] last_q2;
      logic signed [17:0] left_delta [Lanes];
      logic signed [17:0] right_delta [Lanes];

      // Requantizer steps in one operand beat.
      always_comb begin
        parts = 8'd1;
        for (int unsigned s = 0; s < 4; s++)
          if (OperandSlots[s] && operand_slot_i == s[1:0]) parts = 8'(BusBits / (2 << s) / Lanes);
      end
      assign part_end = part_q + 8'd1 == parts;
      assign part_next = part_end ? 8'd0 : part_q + 8'd1;
      assign from_next = part_end ? from_q + operand_pitch_i : from_q;
      assign from_block_next = part_end ? from_block_q + 12'd1 : from_block_q;
      assign operand_address_o = from_q + operand_pixel_q;

      always_ff @(posedge clk_i) begin
        if (start_i) begin
          part_q <= '0;
          part_base_q <= '0;
          from_q <= '0;
          from_base_q <= '0;
          from_block_q <= '0;
          from_block_base_q <= '0;
        end else if (run_q && enable) begin
          part_q <= part_next;
          from_q <= from_next;
          from_block_q <= from_block_next;
          if (piece_end) begin
            part_q <= part_base_q;
            from_q <= from_base_q;
            from_block_q <= from_block_base_q;
            if (column_end && row_end) begin
              part_q <= part_next;
              part_base_q <= part_next;
              from_q <= from_next;
              from_base_q <= from_next;
              from_block_q <= from_block_next;
              from_block_base_q <= from_block_next;
            end
          end
        end
      end

      // Lanes of the operand, extended to 17 bits.
      always_comb begin
        right1_d = '0;
        for (int unsigned k = 0; k < Lanes; k++) begin
          for (int unsigned s = 0; s < 4; s++)
            if (OperandSlots[s] && operand_slot_i == s[1:0])
              for (int unsigned b = 0; b < 17; b++)
                right1_d[k*17+b] = b < (2 << s)
                  ? operand_data_i[(32'(part1_q)*Lanes*(2 << s) + k*(2 << s) + b) % BusBits]
                  : operand_signed_i &
                    operand_data_i[(32'(part1_q)*Lanes*(2 << s) + k*(2 << s) + (2 << s) - 1) % BusBits];
          if (beyond1_q) right1_d[k*17 +: 17] = add_right_zero_i;
        end
      end

      always_comb begin
        for (int unsigned k = 0; k < Lanes; k++) begin
          left_delta[k] = $signed({value4_q[k*17+16], value4_q[k*17 +: 17]}) -
                          $signed({add_left_zero_i[16], add_left_zero_i});
          right_delta[k] = $signed({right[k*17+16], right[k*17 +: 17]}) -
                           $signed({add_right_zero_i[16], add_right_zero_i});
        end
      end

      always_ff @(posedge clk_i) begin
        if (enable) begin
          part1_q <= part_q;
          beyond1_q <= from_block_q >= operand_blocks_q;
          last_q2 <= add_i ? sum_value : kept;
        end
      end
      nba_delay #(.Width(Lanes * 17), .Cycles(ValueStages - 1)) u_right (
        .clk_i, .enable_i(enable), .data_i(right1_d), .data_o(right)
      );
      nba_delay #(.Width(Lanes * 17), .Cycles(AddStages - 1)) u_kept (
        .clk_i, .enable_i(enable), .data_i(value4_q), .data_o(kept)
      );

      if (!Tflite) begin : gen_half_up
        logic [Lanes*AddBits-1:0] sum5_q;
        for (genvar k = 0; k < Lanes; k++) begin : gen_lane
          nba_requantize #(.ProductBits(AddBits), .Registers(RequantizerRegisters)) u_requantize (
            .clk_i,
            .enable_i (enable),
            .product_i(sum5_q[k*AddBits +: AddBits]),
            .shift_i  (add_shift_i[5:0]),
            .zero_i   (add_zero_i),
            .low_i    (add_low_i),
            .high_i   (add_high_i),
            .value_o  (sum_value[k*17 +: 17])
          );
        end
        always_ff @(posedge clk_i) begin
          if (enable)
            for (int unsigned k = 0; k < Lanes; k++)
              sum5_q[k*AddBits +: AddBits] <=
                $signed({{(AddBits-18){left_delta[k][17]}}, left_delta[k]}) *
                $signed({{(AddBits-16){1'b0}}, add_multipliers_i[15:0]}) +
                $signed({{(AddBits-18){right_delta[k][17]}}, right_delta[k]}) *
                $signed({{(AddBits-16){1'b0}}, add_multipliers_i[31:16]});
        end
        logic unused_tflite;
        assign unused_tflite = ^{add_right_multiplier_i, add_output_multiplier_i, add_shift_i[31:6]};
      end else begin : gen_tflite
        // Each operand << 20, scaled and rounded; their sum scaled and rounded. Q31 multipliers are not negative. Three
        // DSP multipliers a lane would leave few to the array: these are made of LUTs.
        logic [Lanes*50-1:0] left_scaled, right_scaled;
        logic [Lanes*64-1:0] left5_q, right5_q, sum_scaled, product7_q;
        logic [Lanes*34-1:0] left5_d, right5_d;
        logic [Lanes*32-1:0] sum6_q;
        for (genvar k = 0; k < Lanes; k++) begin : gen_lane
          logic [16:0] unused_left, unused_right;
          logic [33:0] unused_rounded;
          logic [11:0] unused_scaled;
          assign unused_scaled = {left_scaled[k*50+44 +: 6], right_scaled[k*50+44 +: 6]};
          nba_lut_product #(.LeftBits(18), .RightBits(32)) u_scale_left (
            .left_i(left_delta[k]), .right_i(add_multipliers_i), .product_o(left_scaled[k*50 +: 50])
          );
          nba_lut_product #(.LeftBits(18), .RightBits(32)) u_scale_right (
            .left_i(right_delta[k]), .right_i(add_right_multiplier_i), .product_o(right_scaled[k*50 +: 50])
          );
          nba_lut_product #(.LeftBits(32), .RightBits(32)) u_scale_sum (
            .left_i(sum6_q[k*32 +: 32]), .right_i(add_output_multiplier_i), .product_o(sum_scaled[k*64 +: 64])
          );
          nba_requantize_tflite #(.Registers(RequantizerRegisters)) u_left (
            .clk_i, .enable_i(enable),
            .product_i(left5_q[k*64 +: 64]), .right_i(add_shift_i[4:0]), .single_i(1'b0),
            .zero_i(17'd0), .low_i(17'd0), .high_i(17'd0),
            .rounded_o(left5_d[k*34 +: 34]), .value_o(unused_left)
          );
          nba_requantize_tflite #(.Registers(RequantizerRegisters)) u_right (
            .clk_i, .enable_i(enable),
            .product_i(right5_q[k*64 +: 64]), .right_i(add_shift_i[12:8]), .single_i(1'b0),
            .zero_i(17'd0), .low_i(17'd0), .high_i(17'd0),
            .rounded_o(right5_d[k*34 +: 34]), .value_o(unused_right)
          );
          nba_requantize_tflite #(.Registers(RequantizerRegisters)) u_sum (
            .clk_i, .enable_i(enable),
            .product_i(product7_q[k*64 +: 64]), .right_i(add_shift_i[20:16]), .single_i(1'b0),
            .zero_i(add_zero_i), .low_i(add_low_i), .high_i(add_high_i),
            .rounded_o(unused_rounded), .value_o(sum_value[k*17 +: 17])
          );
        end
        always_ff @(posedge clk_i) begin
          if (enable)
            for (int unsigned k = 0; k < Lanes; k++) begin
              left5_q[k*64 +: 64] <= {left_scaled[k*50 +: 44], 20'd0};
              right5_q[k*64 +: 64] <= {right_scaled[k*50 +: 44], 20'd0};
              sum6_q[k*32 +: 32] <= left5_d[k*34 +: 32] + right5_d[k*34 +: 32];
              product7_q[k*64 +: 64] <= sum_scaled[k*64 +: 64];
            end
        end
        logic unused_upper;
        assign unused_upper = ^{left5_d, right5_d, add_shift_i};
      end
      assign value = last_q2;
    end else begin : gen_no_add
      assign value = value4_q;
      assign operand_address_o = '0;
      logic unused_add;
      assign unused_add = ^{add_i, operand_signed_i, operand_slot_i, operand_pitch_i, add_multipliers_i,
                            add_right_multiplier_i, add_output_multiplier_i, add_shift_i, add_left_zero_i, add_right_zero_i, add_zero_i,
                            add_low_i, add_high_i, operand_data_i, operand_pixel_q, operand_blocks_q};
    end
  endgenerate

  // Pack pieces into beats of the layer's slot, lowest lane first.
  logic [BusBits-1:0] beat_d, assembly_q, out_q;
  logic               out_valid_q;
  always_comb begin
    beat_d = '0;
    for (int unsigned s = 0; s < 4; s++)
      if (OutputSlots[s] && slot_i == s[1:0]) begin
        if (Lanes * (2 << s) < BusBits) beat_d = assembly_q >> (Lanes * (2 << s));
        for (int unsigned k = 0; k < Lanes; k++)
          for (int unsigned b = 0; b < (2 << s); b++)
            beat_d[BusBits - Lanes*(2 << s) + k*(2 << s) + b] = value[k*17 + (b < 17 ? b : 16)];
      end
  end
  assign accepted = w_valid_o && w_ready_i;
  assign enable = !(valid_q[Stages-1] && last_q[Stages-1] && out_valid_q && !accepted);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) out_valid_q <= 1'b0;
    else if (enable && valid_q[Stages-1] && last_q[Stages-1]) out_valid_q <= 1'b1;
    else if (accepted) out_valid_q <= 1'b0;
    if (enable && valid_q[Stages-1]) assembly_q <= beat_d;
    if (enable && valid_q[Stages-1] && last_q[Stages-1]) out_q <= beat_d;
  end

  // A beat may leave the cycle after the address of its burst was accepted.
  logic       lengths_empty, lengths_full;
  logic [7:0] length_head, beat_q;
  nba_fifo #(.Width(8), .Depth(16)) u_lengths (
    .clk_i,
    .rst_ni,
    .push_i (issue),
    .data_i (aw_length_o),
    .pop_i  (accepted && w_last_o),
    .empty_o(lengths_empty),
    .full_o (lengths_full),
    .data_o (length_head)
  );
  logic unused_full;
  assign unused_full = lengths_full ^ (^record_data_i) ^ single_i;
  assign w_valid_o = out_valid_q && !lengths_empty;
  assign w_data_o = out_q;
  assign w_last_o = beat_q == length_head;
  assign done_o = busy_q && !burst_valid && b_valid_i && open_q == 5'd1;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q <= '0;
      open_q <= '0;
      error_o <= 1'b0;
    end else begin
      open_q <= open_q + {4'b0, issue} - {4'b0, b_valid_i};
      error_o <= b_valid_i && b_response_i != 2'b00;
      if (accepted) beat_q <= w_last_o ? '0 : beat_q + 8'd1;
    end
  end
endmodule
