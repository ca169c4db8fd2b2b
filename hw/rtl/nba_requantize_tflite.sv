// One requantizer lane in TensorFlow Lite's reference arithmetic: a product with a Q31 multiplier becomes an integer.
//
// Double rounding: t = (p + 2^30) >> 31 (half up, which is what the saturating doubling high multiply does for a
// multiplier that is not negative), then division by 2^right with ties away from zero. Single rounding:
// (p + 2^(30+right)) >> (31 + right). Then the zero point and the clamp. right is 0..31.
// Registers cycles deep, 0 = combinational, at most 3: behind the rounding, behind the zero point, behind the first
// shifts, in this order; rounded_o comes as late as value_o. They stand still while enable_i is low.
module nba_requantize_tflite #(
  parameter int unsigned Registers = 0
) (
  input  logic        clk_i,
  input  logic        enable_i,
  input  logic [63:0] product_i,
  input  logic [4:0]  right_i,
  input  logic        single_i,
  input  logic [16:0] zero_i,
  input  logic [16:0] low_i,
  input  logic [16:0] high_i,
  output logic [33:0] rounded_o,   // before zero point and clamp
  output logic [16:0] value_o
);
  logic signed [63:0] single_shifted, single_rounded, double_shifted, double_rounded;
  logic [5:0]         single_shift;
  logic [33:0]        single_high, high, rounded_d, rounded;
  logic signed [33:0] quotient;
  logic [4:0]         right;
  logic [31:0]        mask, remainder, threshold;
  logic [34:0]        biased_d, biased;

  assign single_shift = {1'b0, right_i} + 6'd30;
  assign single_shifted = $signed(product_i) >>> single_shift;
  assign single_rounded = $signed(single_shifted + 64'd1) >>> 1;
  assign double_shifted = $signed(product_i) >>> 30;
  assign double_rounded = $signed(double_shifted + 64'd1) >>> 1;
  nba_delay #(.Width(34 + 34 + 5), .Cycles(Registers >= 3 ? 1 : 0)) u_shifted (
    .clk_i, .enable_i,
    .data_i({single_rounded[33:0], double_rounded[33:0], right_i}), .data_o({single_high, high, right})
  );
  // Rounding division by a power of two: the quotient rounds up where the remainder is past the middle.
  assign mask = ~(32'hffff_ffff << right);
  assign remainder = high[31:0] & mask;
  assign threshold = (mask >> 1) + {31'd0, high[33]};
  assign quotient = ($signed(high) >>> right) + $signed({33'd0, remainder > threshold});
  assign rounded_d = single_i ? single_high : quotient;
  nba_delay #(.Width(34), .Cycles(Registers >= 1 ? 1 : 0)) u_rounded (
    .clk_i, .enable_i, .data_i(rounded_d), .data_o(rounded)
  );
  assign biased_d = {rounded[33], rounded} + {{18{zero_i[16]}}, zero_i};
  nba_delay #(.Width(35 + 34), .Cycles(Registers >= 2 ? 1 : 0)) u_biased (
    .clk_i, .enable_i, .data_i({biased_d, rounded}), .data_o({biased, rounded_o})
  );
  always_comb begin
    if ($signed(biased) < $signed({{18{low_i[16]}}, low_i})) value_o = low_i;
    else if ($signed(biased) > $signed({{18{high_i[16]}}, high_i})) value_o = high_i;
    else value_o = biased[16:0];
  end
  logic unused_bits;
  assign unused_bits = ^{single_rounded[63:34], double_rounded[63:34]};
endmodule
