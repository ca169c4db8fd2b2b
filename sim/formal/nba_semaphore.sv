// nba_semaphore: no token is lost or made, counts stay within the buffer's depth, and what is filled is never in use.
//
// Assumed, as nba_chunk does it: tokens are set while no unit holds the buffer; one unit fills, one uses; each takes a
// token only where one is offered, and gives it on once.
module formal_nba_semaphore (
  input logic clk_i,
  input logic rst_ni,
  input logic init_i,
  input logic fill_i,
  input logic filled_i,
  input logic use_i,
  input logic release_i
);
  (* anyconst *) logic [1:0] depth;
  logic       free, full, half_fill, half_use, ready_q, filling_q, using_q;
  // Connected to the module's own registers after flattening.
  logic [1:0] free_q, full_q;

  nba_semaphore u_tokens (
    .clk_i, .rst_ni, .init_i, .depth_i(depth), .fill_i, .filled_i, .use_i, .release_i,
    .free_o(free), .full_o(full), .half_fill_o(half_fill), .half_use_o(half_use)
  );

  initial assume (!rst_ni);
  always_comb begin
    assume (depth == 2'd1 || depth == 2'd2);
    if (!ready_q || init_i) assume (!fill_i && !filled_i && !use_i && !release_i);
    if (init_i) assume (!filling_q && !using_q);
    if (fill_i) assume (free && !filling_q);
    if (filled_i) assume (filling_q);
    if (use_i) assume (full && !using_q);
    if (release_i) assume (using_q);
  end

  logic [2:0] tokens;
  assign tokens = {1'b0, free_q} + {1'b0, full_q} + {2'b00, filling_q} + {2'b00, using_q};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ready_q <= 1'b0;
      filling_q <= 1'b0;
      using_q <= 1'b0;
    end else begin
      if (init_i) ready_q <= 1'b1;
      filling_q <= fill_i || (filling_q && !filled_i);
      using_q <= use_i || (using_q && !release_i);
      if (ready_q) begin
        assert (tokens == {1'b0, depth});
        assert (free == (free_q != 2'd0) && full == (full_q != 2'd0));
        assert ((half_fill ^ half_use) == (full_q[0] ^ using_q));
        if (filling_q && using_q) assert (half_fill != half_use);
      end else begin
        assert (free_q == 2'd0 && full_q == 2'd0 && !filling_q && !using_q);
      end
    end
  end
endmodule
