// On-chip memory of a chunk behind the same bursts as the bus: resident weights and the maps between its layers.
//
// Contract L = 1, S = 1, Lw = 1: a read burst taken in cycle t has its first beat in t + 2 and one beat a cycle after
// it, in order; a write beat is taken at once and its burst answered one cycle after the last. Up to 16 bursts each
// way may be outstanding. fill_* writes beats directly (the prologue); it must not meet a write burst.
// Addresses in beats. The schedule never reads an address in the cycle that writes it.
module nba_chip_memory #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned Words = 1024,
  localparam int unsigned AddressBits = $clog2(Words)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               ar_valid_i,
  input  logic [31:0]        ar_address_i,
  input  logic [8:0]         ar_beats_i,
  output logic               r_valid_o,
  output logic               r_last_o,
  output logic [BusBits-1:0] r_data_o,
  input  logic               aw_valid_i,
  input  logic [31:0]        aw_address_i,
  input  logic [8:0]         aw_beats_i,
  input  logic               w_valid_i,
  input  logic [BusBits-1:0] w_data_i,
  output logic               b_valid_o,
  input  logic               fill_i,
  input  logic [15:0]        fill_address_i,
  input  logic [BusBits-1:0] fill_data_i
);
  localparam int unsigned BurstBits = AddressBits + 9;

  // Reads: the head of the queue is walked beat by beat.
  logic                   read_empty, read_full, read_end, read_run;
  logic [BurstBits-1:0]   read_head;
  logic [AddressBits-1:0] read_address, read_offset_q;
  logic [8:0]             read_left;
  nba_fifo #(.Width(BurstBits), .Depth(16)) u_reads (
    .clk_i, .rst_ni, .push_i(ar_valid_i), .data_i({ar_address_i[AddressBits-1:0], ar_beats_i}),
    .pop_i(read_end), .empty_o(read_empty), .full_o(read_full), .data_o(read_head)
  );
  assign read_run = !read_empty;
  assign read_address = read_head[9 +: AddressBits] + read_offset_q;
  assign read_left = read_head[8:0] - 9'(read_offset_q);
  assign read_end = read_run && read_left == 9'd1;

  // Writes: beats follow their address.
  logic                   write_empty, write_full, write_end, write_run;
  logic [BurstBits-1:0]   write_head;
  logic [AddressBits-1:0] write_address, write_offset_q;
  logic [8:0]             write_left;
  nba_fifo #(.Width(BurstBits), .Depth(16)) u_writes (
    .clk_i, .rst_ni, .push_i(aw_valid_i), .data_i({aw_address_i[AddressBits-1:0], aw_beats_i}),
    .pop_i(write_end), .empty_o(write_empty), .full_o(write_full), .data_o(write_head)
  );
  assign write_run = w_valid_i && !write_empty;
  assign write_address = write_head[9 +: AddressBits] + write_offset_q;
  assign write_left = write_head[8:0] - 9'(write_offset_q);
  assign write_end = write_run && write_left == 9'd1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_offset_q <= '0;
      write_offset_q <= '0;
      r_valid_o <= 1'b0;
      b_valid_o <= 1'b0;
    end else begin
      if (read_run) read_offset_q <= read_end ? '0 : read_offset_q + 1'b1;
      if (write_run) write_offset_q <= write_end ? '0 : write_offset_q + 1'b1;
      r_valid_o <= read_run;
      b_valid_o <= write_end;
      assert (!(fill_i && write_run));
    end
    r_last_o <= read_end;
  end

  // Not an nba_ram: the simulation harness looks into this one, because its tensors never reach the bus.
  (* no_rw_check *) logic [BusBits-1:0] mem [Words] /*verilator public_flat_rd*/;
  always_ff @(posedge clk_i) begin
    if (write_run || fill_i)
      mem[fill_i ? fill_address_i[AddressBits-1:0] : write_address] <= fill_i ? fill_data_i : w_data_i;
    if (read_run) r_data_o <= mem[read_address];
  end
  logic unused_bits;
  assign unused_bits = ^{ar_address_i, aw_address_i, fill_address_i, read_full, write_full};
endmodule
