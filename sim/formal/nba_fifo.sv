// nba_fifo: what is pushed comes out in order, `full_o` and `empty_o` say when nothing fits or nothing is there.
//
// The word pushed as number `which` (counted modulo twice the depth, as the pointers count) is followed.
module formal_nba_fifo (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       push_i,
  input logic       pop_i,
  input logic [2:0] data_i
);
  (* anyconst *) logic [2:0] which;
  logic       empty, full;
  logic [2:0] data, kept_q;
  logic       inside_q;
  // Connected to the queue's own registers after flattening.
  logic [2:0]  write_q, read_q, word;
  logic [2:0]  word0, word1, word2, word3;

  nba_fifo #(.Width(3), .Depth(4)) u_fifo (
    .clk_i, .rst_ni, .push_i, .data_i, .pop_i, .empty_o(empty), .full_o(full), .data_o(data)
  );

  initial assume (!rst_ni);
  always_comb begin
    assume (!(push_i && full));
    assume (!(pop_i && empty));
  end

  logic [2:0] held, ahead;
  assign held = write_q - read_q;
  assign ahead = which - read_q;
  assign word = which[1] ? (which[0] ? word3 : word2) : (which[0] ? word1 : word0);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
    end else begin
      if (push_i && write_q == which) begin
        inside_q <= 1'b1;
        kept_q <= data_i;
      end else if (pop_i && read_q == which) begin
        inside_q <= 1'b0;
      end
      assert (held <= 3'd4);
      assert (full == (held == 3'd4));
      assert (empty == (held == 3'd0));
      assert (inside_q == (ahead < held));
      if (inside_q) assert (word == kept_q);
      if (inside_q && read_q == which) assert (data == kept_q);
    end
  end
endmodule
