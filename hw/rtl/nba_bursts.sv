// Walks outer x inner runs of length beats, step_i apart, and cuts each at 256 beats and at 4 KiB. Addresses in beats.
// Beats that do not follow each other (step_i > 1) are bursts of their own.
//
// load_i in cycle t samples all inputs, and only while valid_o is low: the first burst is offered in t + 1, then one a
// cycle while ok_i. valid_o does not depend on ok_i, and the burst is held until it is taken.
//
// A burst ends where a multiple of 256 beats from its start or, in the last 256 of a page, the page ends. Either way
// the next one begins in the next 256 of its page, so that nothing that is carried on depends on a burst's length.
module nba_bursts #(
  parameter int unsigned BusBits = 64,   // 32 or 64
  localparam int unsigned PageBits = $clog2(4096 * 8 / BusBits)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        load_i,
  input  logic [31:0] address_i,
  input  logic [19:0] outer_i,
  input  logic [19:0] inner_i,
  input  logic [31:0] length_i,       // below 2^31
  input  logic [31:0] outer_stride_i,
  input  logic [31:0] inner_stride_i,
  input  logic [2:0]  step_i,
  input  logic        ok_i,
  output logic        valid_o,
  output logic [31:0] address_o,
  output logic [7:0]  length_o    // beats - 1
);
  logic        valid_q, take, run_end;
  logic [2:0]  step_q;
  logic [31:0] address_q, inner_base_q, outer_base_q, inner_stride_q, outer_stride_q;
  logic [19:0] inner_q, inner_left_q, outer_left_q;
  // Ends are known before they come: whether this is the last inner run, the last outer one, not the run's last burst.
  logic        inner_end_q, outer_end_q, one_inner_q, more_q;
  // The run's last beat, from the multiple of 256 below its first; where scattered, from its first beat.
  logic [31:0] last_q;
  // Of each run: its length less one, whether that is beyond 255 and beyond 0.
  logic [31:0] length_q;
  logic        long_q, many_q, scattered_q;

  assign valid_o = valid_q;
  assign address_o = address_q;
  assign take = valid_q && ok_i;
  assign run_end = !more_q;
  // Whether the 256 beats of the address are the last of its page.
  logic cut;
  assign cut = &address_q[PageBits-1:8];
  always_comb begin
    length_o = more_q ? 8'd255 : last_q[7:0];
    if (!more_q || cut) length_o = length_o - address_q[7:0];
    if (scattered_q) length_o = 8'd0;
  end

  // The next burst of this run.
  logic [31:0] next_address, next_last;
  logic        next_more;
  assign next_last = last_q - (scattered_q ? 32'd1 : 32'd256);
  always_comb begin
    next_address = address_q + (scattered_q ? {29'd0, step_q} : 32'd256);
    if (!scattered_q && cut) next_address[7:0] = 8'd0;
    // From a start that is no multiple of 256, 256 beats may end within the next 256.
    next_more = last_q[31:8] > 24'd2 ||
                (last_q[31:8] == 24'd2 && (&next_address[PageBits-1:8] || last_q[7:0] >= next_address[7:0]));
    if (scattered_q) next_more = last_q != 32'd1;
  end

  // The first burst of the next run, or of the first one.
  logic [31:0] base, run_address, run_length, run_last;
  logic [8:0]  run_low;
  logic        run_long, run_many, run_scattered, run_more;
  assign base = (inner_end_q ? outer_base_q : inner_base_q) + (inner_end_q ? outer_stride_q : inner_stride_q);
  assign run_address = valid_q ? base : address_i;
  assign run_length = valid_q ? length_q : length_i - 32'd1;
  assign run_long = valid_q ? long_q : length_i > 32'd256;
  assign run_many = valid_q ? many_q : length_i != 32'd1;
  assign run_scattered = valid_q ? scattered_q : step_i != 3'd1;
  assign run_last = run_length + (run_scattered ? 32'd0 : {24'd0, run_address[7:0]});
  assign run_low = {1'b0, run_length[7:0]} + {1'b0, run_address[7:0]};
  assign run_more = run_scattered ? run_many : run_long || (&run_address[PageBits-1:8] && run_low[8]);

  logic unused_low;
  assign unused_low = ^run_low[7:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (load_i) valid_q <= 1'b1;
    else if (take && run_end && inner_end_q && outer_end_q) valid_q <= 1'b0;
    if (load_i || take) begin
      address_q <= valid_q && more_q ? next_address : run_address;
      last_q <= valid_q && more_q ? next_last : run_last;
      more_q <= valid_q && more_q ? next_more : run_more;
    end
    if (load_i) begin
      step_q <= step_i;
      scattered_q <= run_scattered;
      inner_stride_q <= inner_stride_i;
      outer_stride_q <= outer_stride_i;
      length_q <= run_length;
      long_q <= run_long;
      many_q <= run_many;
      inner_q <= inner_i;
      one_inner_q <= inner_i == 20'd1;
    end
    if (load_i || (take && run_end)) begin
      inner_base_q <= run_address;
      inner_left_q <= inner_left_q - 20'd1;
      inner_end_q <= inner_left_q == 20'd2;
      if (!valid_q || inner_end_q) begin
        outer_base_q <= run_address;
        inner_left_q <= valid_q ? inner_q : inner_i;
        inner_end_q <= valid_q ? one_inner_q : inner_i == 20'd1;
        outer_left_q <= valid_q ? outer_left_q - 20'd1 : outer_i;
        outer_end_q <= valid_q ? outer_left_q == 20'd2 : outer_i == 20'd1;
      end
    end
    if (rst_ni) begin
      assert (!(load_i && valid_q));
      if (valid_q) begin
        assert (inner_end_q == (inner_left_q == 20'd1) && outer_end_q == (outer_left_q == 20'd1));
        assert (one_inner_q == (inner_q == 20'd1) && scattered_q == (step_q != 3'd1));
        assert (long_q == (length_q > 32'd255) && many_q == (length_q != 32'd0));
        assert (scattered_q || last_q >= {24'd0, address_q[7:0]});
        assert (more_q == (scattered_q ? last_q != 32'd0
                                       : last_q - (cut ? 32'd0 : {24'd0, address_q[7:0]}) > 32'd255));
      end
    end
  end
endmodule
