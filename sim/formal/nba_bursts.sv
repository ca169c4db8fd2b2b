// nba_bursts: every burst has 1 to 256 beats within one page of 4 KiB and is held until it is taken; all bursts
// together have the beats that were asked for, here of runs up to 2 x 2 of at most 1000 beats.
module formal_nba_bursts (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        load_i,
  input logic        ok_i,
  input logic [31:0] address_i
);
  (* anyconst *) logic [19:0] outer;
  (* anyconst *) logic [19:0] inner;
  (* anyconst *) logic [31:0] length;
  (* anyconst *) logic [31:0] outer_stride;
  (* anyconst *) logic [31:0] inner_stride;
  (* anyconst *) logic [2:0]  step;
  logic        valid, held_q;
  logic [31:0] address, address_q;
  logic [7:0]  burst, burst_q;
  logic [8:0]  beats;
  // Connected to the module's own registers after flattening.
  logic [31:0] last_q, run_q, left;
  logic [19:0] inner_q, inner_left_q, outer_left_q;
  logic [2:0]  step_q;

  nba_bursts #(.BusBits(64)) u_bursts (
    .clk_i, .rst_ni, .load_i, .address_i, .outer_i(outer), .inner_i(inner), .length_i(length),
    .outer_stride_i(outer_stride), .inner_stride_i(inner_stride), .step_i(step), .ok_i, .valid_o(valid),
    .address_o(address), .length_o(burst)
  );
  assign beats = {1'b0, burst} + 9'd1;
  // Beats of the run that are not given yet.
  assign left = last_q + 32'd1 - (step == 3'd1 ? {24'd0, address[7:0]} : 32'd0);

  initial assume (!rst_ni);
  always_comb begin
    assume (step != 3'd0);
    assume (length != 32'd0);
    assume (length <= 32'd1000 && outer <= 20'd2 && inner <= 20'd2 && outer != 20'd0 && inner != 20'd0);
    if (load_i) assume (!valid);
  end

  logic [12:0] total, run, row, ahead, given_q;
  logic        loaded_q;
  assign run = length[12:0];
  assign row = inner == 20'd2 ? run << 1 : run;
  assign total = outer == 20'd2 ? row << 1 : row;
  assign ahead = !valid ? 13'd0 : left[12:0] + (inner_left_q == 20'd1 ? 13'd0 : run) +
                                  (outer_left_q == 20'd1 ? 13'd0 : row);
  always_ff @(posedge clk_i) begin
    held_q <= rst_ni && valid && !ok_i;
    address_q <= address;
    burst_q <= burst;
    if (!rst_ni) begin
      given_q <= '0;
      loaded_q <= 1'b0;
    end else begin
      if (load_i) begin
        given_q <= '0;
        loaded_q <= 1'b1;
      end else if (valid && ok_i) begin
        given_q <= given_q + {4'd0, beats};
      end
      if (valid) begin
        assert (left != 32'd0);
        assert (beats != 9'd0 && beats <= 9'd256);
        assert ({1'b0, address[8:0]} + {1'b0, beats} <= 10'd512);
      end
      if (held_q) assert (valid && address == address_q && burst == burst_q);
      if (valid) begin
        assert (loaded_q && left <= length && run_q == length - 32'd1 && inner_q == inner && step_q == step);
        assert (inner_left_q - 20'd1 < inner && outer_left_q - 20'd1 < outer);
      end
      if (loaded_q) assert (given_q + ahead == total);
    end
  end
endmodule
