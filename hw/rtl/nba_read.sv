// Read unit: fetches one tile of inputs, weights, parameters or second operand and writes it into its buffer.
//
// start_i in cycle t: command inputs are sampled in t and may change in t + 1; the first address goes out in t + 1.
// A beat that arrives in cycle b is written in b + 1; done_o is high in the cycle that writes the last one.
// Inputs land row by row in Rows banks: bank = floor(i / stride) mod Rows, so that Rows output rows read without
// conflict. All other kinds land one beat after the other. No back-pressure on read data: the buffers were reserved.
module nba_read #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned Rows = 2,
  parameter int unsigned InputBeatsPerWord = 1,
  parameter int unsigned WeightBeatsPerWord = 1,
  parameter int unsigned ParameterBeatsPerWord = 1
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // Command.
  input  logic               start_i,
  input  logic [1:0]         kind_i,
  input  logic [31:0]        address_i,
  input  logic [19:0]        outer_i,
  input  logic [19:0]        inner_i,
  input  logic [31:0]        length_i,
  input  logic [31:0]        outer_stride_i,
  input  logic [31:0]        inner_stride_i,
  input  logic [2:0]         step_i,
  input  logic [11:0]        blocks_i,
  input  logic [11:0]        rows_i,
  input  logic [31:0]        columns_i,
  input  logic [7:0]         bank_i,
  input  logic [2:0]         phase_i,
  input  logic [15:0]        offset_i,
  // Constants of the layer.
  input  logic [2:0]         stride_i,
  input  logic [15:0]        row_pitch_i,
  input  logic [15:0]        group_pitch_i,
  input  logic [15:0]        block_pitch_i,
  input  logic [4:0]         outstanding_i,
  output logic               busy_o,
  output logic               done_o,
  output logic               error_o,
  output logic [1:0]         kind_o,
  // AXI4 read channels.
  output logic               ar_valid_o,
  input  logic               ar_ready_i,
  output logic [31:0]        ar_address_o,
  output logic [7:0]         ar_length_o,
  input  logic               r_valid_i,
  input  logic               r_last_i,
  input  logic [1:0]         r_response_i,
  input  logic [BusBits-1:0] r_data_i,
  // Buffer write port.
  output logic               we_o,
  output logic [7:0]         bank_o,
  output logic [7:0]         column_o,
  output logic [15:0]        waddr_o,
  output logic [BusBits-1:0] wdata_o
);
  localparam int unsigned ByteBits = $clog2(BusBits / 8);

  logic        busy_q, valid_q, burst_valid, issue, last;
  logic [1:0]  kind_q;
  logic [31:0] burst_address;
  logic [4:0]  open_q;
  // Left of the tile, this beat included; whether this beat is the last of each is known before it comes.
  logic [11:0] rows_q, blocks_left_q, rows_left_q;
  logic [31:0] columns_q, columns_left_q;
  logic [7:0]  bank_q, first_bank_q, sub_q, subs;
  logic [2:0]  phase_q, first_phase_q, stride_left;
  logic [15:0] row_offset_q, first_offset_q, block_offset_q, column_offset_q, block_step, pitch_back_q;
  logic        column_end, row_end, block_end, sub_end, phase_end, bank_end;
  logic [BusBits-1:0] data_q;

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
    .step_i,
    .ok_i          (issue),
    .valid_o       (burst_valid),
    .address_o     (burst_address),
    .length_o      (ar_length_o)
  );

  assign ar_valid_o = burst_valid && open_q < outstanding_i;
  assign issue = ar_valid_o && ar_ready_i;
  assign ar_address_o = burst_address << ByteBits;

  always_comb begin
    unique case (kind_q)
      nba_pkg::KindInput: subs = InputBeatsPerWord[7:0];
      nba_pkg::KindWeights: subs = WeightBeatsPerWord[7:0];
      nba_pkg::KindParameters: subs = ParameterBeatsPerWord[7:0];
      default: subs = 8'd1;
    endcase
  end
  assign sub_end = sub_q + 8'd1 == subs;
  assign stride_left = phase_q + 3'd1;
  assign phase_end = stride_left == stride_i;
  assign bank_end = bank_q + 8'd1 == Rows[7:0];
  assign last = column_end && row_end && block_end;
  assign block_step = block_pitch_i;

  assign busy_o = busy_q;
  assign kind_o = kind_q;
  assign we_o = valid_q;
  assign wdata_o = data_q;
  assign column_o = sub_q;
  assign bank_o = bank_q;
  assign waddr_o = block_offset_q + row_offset_q + column_offset_q;
  assign done_o = valid_q && last;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      valid_q <= 1'b0;
      open_q <= '0;
      error_o <= 1'b0;
    end else begin
      if (start_i) busy_q <= 1'b1;
      else if (done_o) busy_q <= 1'b0;
      valid_q <= r_valid_i;
      open_q <= open_q + {4'b0, issue} - {4'b0, r_valid_i && r_last_i};
      error_o <= r_valid_i && r_response_i != 2'b00;
      assert (!(r_valid_i && !busy_q));
    end
    data_q <= r_data_i;
    pitch_back_q <= row_pitch_i - group_pitch_i;
    if (start_i) begin
      kind_q <= kind_i;
      rows_q <= rows_i;
      columns_q <= columns_i;
      first_bank_q <= bank_i;
      first_phase_q <= phase_i;
      first_offset_q <= offset_i;
      bank_q <= bank_i;
      phase_q <= phase_i;
      row_offset_q <= offset_i;
      columns_left_q <= columns_i;
      column_end <= columns_i == 32'd1;
      rows_left_q <= rows_i;
      row_end <= rows_i == 12'd1;
      blocks_left_q <= blocks_i;
      block_end <= blocks_i == 12'd1;
      sub_q <= '0;
      block_offset_q <= '0;
      column_offset_q <= '0;
    end else if (valid_q) begin
      columns_left_q <= column_end ? columns_q : columns_left_q - 32'd1;
      column_end <= column_end ? columns_q == 32'd1 : columns_left_q == 32'd2;
      if (column_end) begin
        rows_left_q <= row_end ? rows_q : rows_left_q - 12'd1;
        row_end <= row_end ? rows_q == 12'd1 : rows_left_q == 12'd2;
      end
      if (column_end && row_end) begin
        blocks_left_q <= blocks_left_q - 12'd1;
        block_end <= blocks_left_q == 12'd2;
      end
      unique case (kind_q)
        nba_pkg::KindInput: begin
          column_offset_q <= column_end ? '0 : column_offset_q + 16'd1;
          if (column_end) begin
            if (row_end) begin
              bank_q <= first_bank_q;
              phase_q <= first_phase_q;
              row_offset_q <= first_offset_q;
              sub_q <= sub_end ? '0 : sub_q + 8'd1;
              if (sub_end) block_offset_q <= block_offset_q + block_step;
            end else if (!phase_end) begin
              phase_q <= stride_left;
              row_offset_q <= row_offset_q + row_pitch_i;
            end else begin
              phase_q <= '0;
              bank_q <= bank_end ? '0 : bank_q + 8'd1;
              // Back to the first phase's slot; after the last bank the next group of slots begins.
              row_offset_q <= row_offset_q + (bank_end ? row_pitch_i : pitch_back_q);
            end
          end
        end
        nba_pkg::KindOperand: begin
          column_offset_q <= column_end && row_end ? '0 : column_offset_q + 16'd1;
          if (column_end && row_end) block_offset_q <= block_offset_q + block_step;
        end
        default: begin
          sub_q <= sub_end ? '0 : sub_q + 8'd1;
          if (sub_end) column_offset_q <= column_offset_q + 16'd1;
        end
      endcase
    end
  end
endmodule
