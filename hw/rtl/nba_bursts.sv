// Walks outer x inner runs of length beats, step_i apart, and cuts each at 256 beats and at 4 KiB. Addresses in beats.
// Beats that do not follow each other (step_i > 1) are bursts of their own.
//
// load_i in cycle t: the first burst is offered in t + 1, then one a cycle while ok_i. valid_o does not depend on
// ok_i, and the burst is held until it is taken. The geometry inputs stay stable from load_i to the last burst.
module nba_bursts #(
  parameter int unsigned BusBits = 64,
  localparam int unsigned PageBeats = 4096 * 8 / BusBits,
  localparam int unsigned PageBits = $clog2(PageBeats)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        load_i,
  input  logic [31:0] address_i,
  input  logic [19:0] outer_i,
  input  logic [19:0] inner_i,
  input  logic [31:0] length_i,
  input  logic [31:0] outer_stride_i,
  input  logic [31:0] inner_stride_i,
  input  logic [2:0]  step_i,
  input  logic        ok_i,
  output logic        valid_o,
  output logic [31:0] address_o,
  output logic [8:0]  beats_o
);
  logic        valid_q, take, run_end, inner_end, outer_end, scattered;
  logic [31:0] address_q, inner_base_q, outer_base_q, left_q, room, beats;
  logic [31:0] next_inner, next_outer;
  logic [19:0] inner_q, outer_q;

  assign room = PageBeats - {{(32 - PageBits){1'b0}}, address_q[PageBits-1:0]};
  always_comb begin
    beats = left_q;
    if (beats > room) beats = room;
    if (beats > 32'd256) beats = 32'd256;
    if (scattered) beats = 32'd1;
  end
  assign scattered = step_i != 3'd1;
  assign valid_o = valid_q;
  assign address_o = address_q;
  assign beats_o = beats[8:0];
  assign take = valid_q && ok_i;
  assign run_end = beats == left_q;
  assign inner_end = inner_q + 20'd1 == inner_i;
  assign outer_end = outer_q + 20'd1 == outer_i;
  assign next_inner = inner_base_q + inner_stride_i;
  assign next_outer = outer_base_q + outer_stride_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (load_i) valid_q <= 1'b1;
    else if (take && run_end && inner_end && outer_end) valid_q <= 1'b0;
    if (load_i) begin
      address_q <= address_i;
      inner_base_q <= address_i;
      outer_base_q <= address_i;
      left_q <= length_i;
      inner_q <= '0;
      outer_q <= '0;
    end else if (take) begin
      if (!run_end) begin
        address_q <= address_q + (scattered ? {29'd0, step_i} : beats);
        left_q <= left_q - beats;
      end else begin
        left_q <= length_i;
        if (!inner_end) begin
          inner_q <= inner_q + 20'd1;
          inner_base_q <= next_inner;
          address_q <= next_inner;
        end else begin
          inner_q <= '0;
          outer_q <= outer_q + 20'd1;
          outer_base_q <= next_outer;
          inner_base_q <= next_outer;
          address_q <= next_outer;
        end
      end
    end
  end
endmodule
