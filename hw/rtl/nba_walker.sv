// Walks the steps of a layer - row tiles, column tiles, channel steps - and presents the table entries of each.
//
// Entries lie in one memory: rows, columns, outputs and steps at the bases of the layer's descriptor. start_i in
// cycle t: the first step is valid in t + 6. next_i (only while valid_o) moves on: k changed entries cost k + 2
// cycles, at most 6. Step flags lie in word FlagWord of a step's entry (nba_pkg).
module nba_walker #(
  parameter int unsigned Words = 5,
  parameter int unsigned Depth = 64,
  parameter int unsigned FlagWord = 0,
  localparam int unsigned AddressBits = $clog2(Depth),
  localparam int unsigned EntryBits = Words * 32
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // Program port: one 32-bit word of one entry.
  input  logic                   we_i,
  input  logic [AddressBits-1:0] waddr_i,
  input  logic [2:0]             wlane_i,
  input  logic [31:0]            wdata_i,
  // Constants of the layer.
  input  logic [15:0]            row_tiles_i,
  input  logic [15:0]            column_tiles_i,
  input  logic [15:0]            steps_i,
  input  logic [15:0]            output_tiles_i,
  input  logic [15:0]            row_base_i,
  input  logic [15:0]            column_base_i,
  input  logic [15:0]            output_base_i,
  input  logic [15:0]            step_base_i,
  input  logic                   start_i,
  input  logic                   next_i,
  output logic                   valid_o,
  // Position: first and last step of a (row, column) tile, of the layer.
  output logic                   step_first_o,
  output logic                   step_last_o,
  output logic                   layer_first_o,
  output logic                   layer_last_o,
  output logic [3:0]             flags_o,
  output logic [EntryBits-1:0]   row_o,
  output logic [EntryBits-1:0]   column_o,
  output logic [EntryBits-1:0]   output_o,
  output logic [EntryBits-1:0]   step_o
);
  localparam int unsigned Row = 0;
  localparam int unsigned Column = 1;
  localparam int unsigned Output = 2;
  localparam int unsigned Step = 3;

  logic                   active_q;
  logic [15:0]            row_q, column_q, output_q, step_q;
  logic                   step_end, column_end, row_end;
  logic [3:0]             pending_q, issue, arrived_q;
  logic [15:0]            address;
  logic [EntryBits-1:0]   data, row_entry_q, column_entry_q, output_entry_q, step_entry_q;

  assign step_end = step_q + 16'd1 == steps_i;
  assign column_end = column_q + 16'd1 == column_tiles_i;
  assign row_end = row_q + 16'd1 == row_tiles_i;
  assign step_first_o = step_q == '0;
  assign step_last_o = step_end;
  assign layer_first_o = step_q == '0 && column_q == '0 && row_q == '0;
  assign layer_last_o = step_end && column_end && row_end;
  assign row_o = row_entry_q;
  assign column_o = column_entry_q;
  assign output_o = output_entry_q;
  assign step_o = step_entry_q;
  assign flags_o = step_entry_q[FlagWord*32 +: 4];
  assign valid_o = active_q && pending_q == '0 && arrived_q == '0;

  // One fetch a cycle, lowest index first.
  assign issue = pending_q & (~pending_q + 4'd1);
  always_comb begin
    address = row_base_i + row_q;
    if (issue[Column]) address = column_base_i + column_q;
    if (issue[Output]) address = output_base_i + output_q;
    if (issue[Step]) address = step_base_i + step_q;
  end

  generate
    for (genvar k = 0; k < Words; k++) begin : gen_word
      nba_ram #(.Width(32), .Depth(Depth)) u_table (
        .clk_i,
        .we_i   (we_i && wlane_i == k[2:0]),
        .waddr_i,
        .wdata_i,
        .re_i   (1'b1),
        .raddr_i(address[AddressBits-1:0]),
        .rdata_o(data[k*32 +: 32])
      );
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      pending_q <= '0;
      arrived_q <= '0;
    end else begin
      arrived_q <= issue;
      pending_q <= pending_q & ~issue;
      if (start_i) begin
        active_q <= 1'b1;
        pending_q <= 4'b1111;
        arrived_q <= '0;
      end else if (next_i) begin
        if (layer_last_o) active_q <= 1'b0;
        pending_q[Step] <= steps_i != 16'd1;
        pending_q[Output] <= output_tiles_i != 16'd1 && (step_end || flags_o[nba_pkg::FlagLast]);
        pending_q[Column] <= step_end && column_tiles_i != 16'd1;
        pending_q[Row] <= step_end && column_end && row_tiles_i != 16'd1;
      end
      assert (!(next_i && !valid_o));
    end
    if (start_i) begin
      row_q <= '0;
      column_q <= '0;
      output_q <= '0;
      step_q <= '0;
    end else if (next_i) begin
      step_q <= step_end ? '0 : step_q + 16'd1;
      if (step_end) output_q <= '0;
      else if (flags_o[nba_pkg::FlagLast]) output_q <= output_q + 16'd1;
      if (step_end) column_q <= column_end ? '0 : column_q + 16'd1;
      if (step_end && column_end) row_q <= row_q + 16'd1;
    end
    if (arrived_q[Row]) row_entry_q <= data;
    if (arrived_q[Column]) column_entry_q <= data;
    if (arrived_q[Output]) output_entry_q <= data;
    if (arrived_q[Step]) step_entry_q <= data;
  end
endmodule
