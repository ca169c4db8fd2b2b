// First-in first-out queue with the head visible (no read latency). Depth is a power of two.
//
// push_i while full and pop_i while empty are forbidden and asserted. A word pushed in cycle t is visible in t + 1.
module nba_fifo #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 16,
  localparam int unsigned PointerBits = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  input  logic             pop_i,
  output logic             empty_o,
  output logic             full_o,
  output logic [Width-1:0] data_o
);
  logic [PointerBits:0] write_q, read_q;
  logic [Width-1:0] mem [Depth];

  assign empty_o = write_q == read_q;
  assign full_o = write_q == {~read_q[PointerBits], read_q[PointerBits-1:0]};
  assign data_o = mem[read_q[PointerBits-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q <= '0;
    end else begin
      if (push_i) write_q <= write_q + 1'b1;
      if (pop_i) read_q <= read_q + 1'b1;
      assert (!(push_i && full_o));
      assert (!(pop_i && empty_o));
    end
    if (push_i) mem[write_q[PointerBits-1:0]] <= data_i;
  end
endmodule
