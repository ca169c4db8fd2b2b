// The commands of a layer, for each unit in order: three walkers and one command register each.
//
// Every field of a command is a sum of table fields and layer constants; nothing is multiplied here. start_i in
// cycle t: the first command of each unit is valid from t + 7 on. A command is held until take_*_i; the next one
// follows within 6 cycles (array), 5 (read, store), which no unit can outrun.
module nba_sequencer #(
  parameter int unsigned TableDepth = 64,
  localparam int unsigned AddressBits = $clog2(TableDepth)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // Program port.
  input  logic                   we_read_i,
  input  logic                   we_array_i,
  input  logic                   we_store_i,
  input  logic [AddressBits-1:0] waddr_i,
  input  logic [2:0]             wlane_i,
  input  logic [31:0]            wdata_i,
  // Constants of the layer.
  input  logic [nba_pkg::DescriptorWords*32-1:0] words_i,
  input  logic [31:0]            input_base_i,
  input  logic [31:0]            weight_base_i,
  input  logic [31:0]            parameter_base_i,
  input  logic [31:0]            operand_base_i,
  input  logic [31:0]            output_base_i,
  input  logic                   start_i,
  // With start_i: one command only, which copies prologue beats from the weight base (kind operand).
  input  logic                   prologue_i,
  // Read commands.
  output logic                   read_valid_o,
  input  logic                   take_read_i,
  output logic [1:0]             read_kind_o,
  output logic [31:0]            read_address_o,
  output logic [19:0]            read_outer_o,
  output logic [19:0]            read_inner_o,
  output logic [31:0]            read_length_o,
  output logic [31:0]            read_outer_stride_o,
  output logic [31:0]            read_inner_stride_o,
  output logic [2:0]             read_step_o,
  output logic [11:0]            read_blocks_o,
  output logic [11:0]            read_rows_o,
  output logic [31:0]            read_columns_o,
  output logic [7:0]             read_bank_o,
  output logic [2:0]             read_phase_o,
  output logic [15:0]            read_offset_o,
  // Array commands.
  output logic                   array_valid_o,
  input  logic                   take_array_i,
  output logic                   array_first_o,
  output logic                   array_last_o,
  output logic                   array_wait_input_o,
  output logic                   array_wait_weights_o,
  output logic                   array_release_input_o,
  output logic                   array_release_weights_o,
  output logic [15:0]            array_row_groups_o,
  output logic [15:0]            array_columns_o,
  output logic [15:0]            array_output_groups_o,
  output logic [15:0]            array_input_groups_o,
  output logic [15:0]            array_top_o,
  output logic [15:0]            array_left_o,
  // Store commands.
  output logic                   store_valid_o,
  input  logic                   take_store_i,
  output logic                   store_layer_last_o,
  output logic                   store_wait_parameters_o,
  output logic                   store_release_parameters_o,
  output logic [31:0]            store_address_o,
  output logic [19:0]            store_outer_o,
  output logic [19:0]            store_inner_o,
  output logic [31:0]            store_length_o,
  output logic [31:0]            store_outer_stride_o,
  output logic [31:0]            store_inner_stride_o,
  output logic [11:0]            store_blocks_o,
  output logic [11:0]            store_rows_o,
  output logic [11:0]            store_columns_o,
  output logic [11:0]            store_operand_blocks_o
);
  localparam int unsigned ReadBits = nba_pkg::ReadEntryWords * 32;
  localparam int unsigned ArrayBits = nba_pkg::ArrayEntryWords * 32;
  localparam int unsigned StoreBits = nba_pkg::StoreEntryWords * 32;

  logic [31:0] flags, tiles, steps, tables, channel_tables, input_plane, output_plane;
  logic [15:0] input_width, output_width;
  logic        add, many_steps, many_outputs;
  assign flags = words_i[nba_pkg::WordFlags*32 +: 32];
  assign tiles = words_i[nba_pkg::WordTiles*32 +: 32];
  assign steps = words_i[nba_pkg::WordSteps*32 +: 32];
  assign tables = words_i[nba_pkg::WordTables*32 +: 32];
  assign channel_tables = words_i[nba_pkg::WordChannelTables*32 +: 32];
  assign input_plane = words_i[nba_pkg::WordInputPlane*32 +: 32];
  assign output_plane = words_i[nba_pkg::WordOutputPlane*32 +: 32];
  assign input_width = words_i[nba_pkg::WordInputSize*32+16 +: 16];
  assign output_width = words_i[nba_pkg::WordOutputWidth*32 +: 16];
  assign add = flags[7];
  assign many_steps = steps[15:0] != 16'd1;
  assign many_outputs = steps[31:16] != 16'd1;
  logic walk, copy;
  assign walk = start_i && !prologue_i;
  assign copy = start_i && prologue_i;

  // ---------------------------------------------------------------- read
  logic                r_valid, r_next, r_first, r_last, r_layer_first, r_layer_last;
  logic [3:0]          r_flags, need, done_q, left, pick;
  logic [ReadBits-1:0] r_row, r_column, r_output, r_step;
  nba_walker #(
    .Words(nba_pkg::ReadEntryWords), .Depth(TableDepth), .FlagWord(nba_pkg::ReadFlagWord)
  ) u_read_walker (
    .clk_i,
    .rst_ni,
    .we_i          (we_read_i),
    .waddr_i,
    .wlane_i,
    .wdata_i,
    .row_tiles_i   (tiles[15:0]),
    .column_tiles_i(tiles[31:16]),
    .steps_i       (steps[15:0]),
    .output_tiles_i(steps[31:16]),
    .row_base_i    (tables[15:0]),
    .column_base_i (tables[31:16]),
    .output_base_i (channel_tables[15:0]),
    .step_base_i   (channel_tables[31:16]),
    .start_i       (walk),
    .next_i        (r_next),
    .valid_o       (r_valid),
    .step_first_o  (r_first),
    .step_last_o   (r_last),
    .layer_first_o (r_layer_first),
    .layer_last_o  (r_layer_last),
    .flags_o       (r_flags),
    .row_o         (r_row),
    .column_o      (r_column),
    .output_o      (r_output),
    .step_o        (r_step)
  );

  // Kinds this step needs, in the order of nba_pkg; done_q marks those already handed over.
  assign need[nba_pkg::KindInput] = r_first || r_flags[nba_pkg::FlagNewInput];
  assign need[nba_pkg::KindWeights] = r_layer_first || many_steps;
  assign need[nba_pkg::KindParameters] = r_flags[nba_pkg::FlagFirst] && (r_layer_first || many_outputs);
  assign need[nba_pkg::KindOperand] = r_flags[nba_pkg::FlagLast] && add;
  assign left = need & ~done_q;
  assign pick = left & (~left + 4'd1);

  logic        read_valid_q, read_load, out_full, row_full, column_full;
  logic [19:0] row_merged, out_merged;
  assign column_full = r_column[2*32+16 +: 1];
  assign row_full = r_row[2*32+27 +: 1];
  assign out_full = r_row[2*32+28 +: 1];
  assign row_merged = r_row[1*32+12 +: 20];
  assign out_merged = r_row[4*32+12 +: 20];
  logic out_column_full;
  assign out_column_full = r_column[2*32+17 +: 1];
  assign read_load = r_valid && (!read_valid_q || take_read_i);
  assign r_next = read_load && (left & ~pick) == '0;
  assign read_valid_o = read_valid_q;

  logic unused_read;
  assign unused_read = ^{r_last, r_layer_last, r_flags[nba_pkg::FlagReleaseInput], r_column, r_output, r_row, r_step,
                         flags};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_valid_q <= 1'b0;
      done_q <= '0;
    end else begin
      if (start_i) read_valid_q <= copy;
      else if (read_load) read_valid_q <= 1'b1;
      else if (take_read_i) read_valid_q <= 1'b0;
      if (start_i || r_next) done_q <= '0;
      else if (read_load) done_q <= done_q | pick;
      assert (!(r_valid && left == '0));
    end
    if (copy) begin
      read_kind_o <= nba_pkg::KindOperand;
      read_address_o <= weight_base_i;
      read_outer_o <= 20'd1;
      read_inner_o <= 20'd1;
      read_outer_stride_o <= '0;
      read_inner_stride_o <= '0;
      read_step_o <= 3'd1;
      read_blocks_o <= 12'd1;
      read_rows_o <= 12'd1;
      read_offset_o <= '0;
      read_length_o <= words_i[nba_pkg::WordPrologueBeats*32 +: 32];
      read_columns_o <= words_i[nba_pkg::WordPrologueBeats*32 +: 32];
    end else if (read_load) begin
      read_outer_o <= 20'd1;
      read_inner_o <= 20'd1;
      read_outer_stride_o <= '0;
      read_inner_stride_o <= '0;
      read_step_o <= 3'd1;
      read_blocks_o <= 12'd1;
      read_rows_o <= 12'd1;
      read_bank_o <= r_row[2*32+16 +: 8];
      read_phase_o <= r_row[2*32+24 +: 3];
      read_offset_o <= '0;
      unique case (1'b1)
        pick[nba_pkg::KindInput]: begin
          read_kind_o <= nba_pkg::KindInput;
          read_offset_o <= r_row[2*32 +: 16] + r_column[2*32 +: 16];
          read_address_o <= input_base_i + r_row[0 +: 32] + r_column[0 +: 32] + r_step[0 +: 32];
          read_blocks_o <= r_step[1*32 +: 12];
          read_rows_o <= r_row[1*32 +: 12];
          read_columns_o <= {20'd0, r_column[1*32 +: 12]};
          read_outer_stride_o <= input_plane;
          read_inner_stride_o <= {16'd0, input_width};
          read_step_o <= words_i[nba_pkg::WordBlockPitch*32+16 +: 3];
          if (!column_full) begin
            read_outer_o <= {8'd0, r_step[1*32 +: 12]};
            read_inner_o <= {8'd0, r_row[1*32 +: 12]};
            read_length_o <= {20'd0, r_column[1*32 +: 12]};
          end else if (!row_full) begin
            read_outer_o <= {8'd0, r_step[1*32 +: 12]};
            read_length_o <= {12'd0, row_merged};
          end else begin
            read_length_o <= {12'd0, r_step[1*32+12 +: 20]};
          end
        end
        pick[nba_pkg::KindWeights]: begin
          read_kind_o <= nba_pkg::KindWeights;
          read_address_o <= weight_base_i + r_step[3*32 +: 32];
          read_length_o <= r_step[4*32 +: 32];
          read_columns_o <= r_step[4*32 +: 32];
        end
        pick[nba_pkg::KindParameters]: begin
          read_kind_o <= nba_pkg::KindParameters;
          read_address_o <= parameter_base_i + r_output[0 +: 32];
          read_length_o <= r_output[1*32 +: 32];
          read_columns_o <= r_output[1*32 +: 32];
        end
        default: begin
          read_kind_o <= nba_pkg::KindOperand;
          read_address_o <= operand_base_i + r_row[3*32 +: 32] + r_column[3*32 +: 32] + r_output[3*32 +: 32];
          read_blocks_o <= r_output[4*32 +: 12];
          read_rows_o <= r_row[4*32 +: 12];
          read_columns_o <= {20'd0, r_column[4*32 +: 12]};
          read_outer_stride_o <= output_plane;
          read_inner_stride_o <= {16'd0, output_width};
          if (!out_column_full) begin
            read_outer_o <= {8'd0, r_output[4*32 +: 12]};
            read_inner_o <= {8'd0, r_row[4*32 +: 12]};
            read_length_o <= {20'd0, r_column[4*32 +: 12]};
          end else if (!out_full) begin
            read_outer_o <= {8'd0, r_output[4*32 +: 12]};
            read_length_o <= {12'd0, out_merged};
          end else begin
            read_length_o <= {12'd0, r_output[4*32+12 +: 20]};
          end
        end
      endcase
    end
  end

  // ---------------------------------------------------------------- array
  logic                 a_valid, a_load, a_first, a_last, a_layer_first, a_layer_last, array_valid_q;
  logic [3:0]           a_flags;
  logic [ArrayBits-1:0] a_row, a_column, a_output, a_step;
  nba_walker #(
    .Words(nba_pkg::ArrayEntryWords), .Depth(TableDepth), .FlagWord(nba_pkg::ArrayFlagWord)
  ) u_array_walker (
    .clk_i,
    .rst_ni,
    .we_i          (we_array_i),
    .waddr_i,
    .wlane_i,
    .wdata_i,
    .row_tiles_i   (tiles[15:0]),
    .column_tiles_i(tiles[31:16]),
    .steps_i       (steps[15:0]),
    .output_tiles_i(steps[31:16]),
    .row_base_i    (tables[15:0]),
    .column_base_i (tables[31:16]),
    .output_base_i (channel_tables[15:0]),
    .step_base_i   (channel_tables[31:16]),
    .start_i       (walk),
    .next_i        (a_load),
    .valid_o       (a_valid),
    .step_first_o  (a_first),
    .step_last_o   (a_last),
    .layer_first_o (a_layer_first),
    .layer_last_o  (a_layer_last),
    .flags_o       (a_flags),
    .row_o         (a_row),
    .column_o      (a_column),
    .output_o      (a_output),
    .step_o        (a_step)
  );
  assign a_load = a_valid && (!array_valid_q || take_array_i);
  assign array_valid_o = array_valid_q;
  logic unused_array;
  assign unused_array = ^{a_last, a_row, a_column, a_output, a_step};

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) array_valid_q <= 1'b0;
    else if (a_load) array_valid_q <= 1'b1;
    else if (take_array_i) array_valid_q <= 1'b0;
    if (a_load) begin
      array_first_o <= a_flags[nba_pkg::FlagFirst];
      array_last_o <= a_flags[nba_pkg::FlagLast];
      array_wait_input_o <= a_first || a_flags[nba_pkg::FlagNewInput];
      array_wait_weights_o <= a_layer_first || many_steps;
      array_release_input_o <= a_flags[nba_pkg::FlagReleaseInput];
      array_release_weights_o <= a_layer_last || many_steps;
      array_row_groups_o <= a_row[0 +: 16];
      array_top_o <= a_row[32 +: 16];
      array_columns_o <= a_column[0 +: 16];
      array_left_o <= a_column[32 +: 16];
      array_output_groups_o <= a_output[0 +: 16];
      array_input_groups_o <= a_step[0 +: 16];
    end
  end

  // ---------------------------------------------------------------- store
  logic                 s_valid, s_next, s_load, s_first, s_last, s_layer_first, s_layer_last;
  logic                 store_valid_q, store_begun_q;
  logic [3:0]           s_flags;
  logic [StoreBits-1:0] s_row, s_column, s_output, s_step;
  nba_walker #(
    .Words(nba_pkg::StoreEntryWords), .Depth(TableDepth), .FlagWord(nba_pkg::StoreFlagWord)
  ) u_store_walker (
    .clk_i,
    .rst_ni,
    .we_i          (we_store_i),
    .waddr_i,
    .wlane_i,
    .wdata_i,
    .row_tiles_i   (tiles[15:0]),
    .column_tiles_i(tiles[31:16]),
    .steps_i       (steps[15:0]),
    .output_tiles_i(steps[31:16]),
    .row_base_i    (tables[15:0]),
    .column_base_i (tables[31:16]),
    .output_base_i (channel_tables[15:0]),
    .step_base_i   (channel_tables[31:16]),
    .start_i       (walk),
    .next_i        (s_next),
    .valid_o       (s_valid),
    .step_first_o  (s_first),
    .step_last_o   (s_last),
    .layer_first_o (s_layer_first),
    .layer_last_o  (s_layer_last),
    .flags_o       (s_flags),
    .row_o         (s_row),
    .column_o      (s_column),
    .output_o      (s_output),
    .step_o        (s_step)
  );
  // Only the last channel step of an output tile is stored; the others are passed over.
  assign s_load = s_valid && s_flags[nba_pkg::FlagLast] && (!store_valid_q || take_store_i);
  assign s_next = s_load || (s_valid && !s_flags[nba_pkg::FlagLast]);
  assign store_valid_o = store_valid_q;
  logic unused_store;
  assign unused_store = ^{s_first, s_last, s_layer_first, s_row, s_column, s_output, s_step};

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) store_valid_q <= 1'b0;
    else if (s_load) store_valid_q <= 1'b1;
    else if (take_store_i) store_valid_q <= 1'b0;
    if (start_i) store_begun_q <= 1'b0;
    else if (s_load) store_begun_q <= 1'b1;
    if (s_load) begin
      store_layer_last_o <= s_layer_last;
      store_wait_parameters_o <= !store_begun_q || many_outputs;
      store_release_parameters_o <= s_layer_last || many_outputs;
      store_address_o <= output_base_i + s_row[0 +: 32] + s_column[0 +: 32] + s_output[0 +: 32];
      store_outer_o <= 20'd1;
      store_inner_o <= 20'd1;
      store_outer_stride_o <= output_plane;
      store_inner_stride_o <= {16'd0, output_width};
      store_blocks_o <= s_output[1*32 +: 12];
      store_rows_o <= s_row[1*32 +: 12];
      store_columns_o <= s_column[1*32 +: 12];
      store_operand_blocks_o <= s_output[2*32 +: 12];
      if (!s_column[2*32]) begin
        store_outer_o <= {8'd0, s_output[1*32 +: 12]};
        store_inner_o <= {8'd0, s_row[1*32 +: 12]};
        store_length_o <= {20'd0, s_column[1*32 +: 12]};
      end else if (!s_row[2*32]) begin
        store_outer_o <= {8'd0, s_output[1*32 +: 12]};
        store_length_o <= {12'd0, s_row[1*32+12 +: 20]};
      end else begin
        store_length_o <= {12'd0, s_output[1*32+12 +: 20]};
      end
    end
  end
endmodule
