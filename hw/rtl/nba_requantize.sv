// One requantizer lane, half-up: y = clamp(((sum * multiplier + 2^(shift-1)) >> shift) + zero, low, high).
//
// Combinational halves of the store unit's pipeline; nba_store places the registers between them.
// (t + 2^(s-1)) >> s equals ((t >> (s-1)) + 1) >> 1: one shifter and no wide constant. Shift is 1..47.
module nba_requantize #(
  parameter int unsigned ProductBits = 49
) (
  input  logic [ProductBits-1:0] product_i,
  input  logic [5:0]             shift_i,
  input  logic [16:0]            zero_i,
  input  logic [16:0]            low_i,
  input  logic [16:0]            high_i,
  output logic [16:0]            value_o
);
  logic signed [ProductBits:0] shifted, rounded, biased;
  logic [5:0] shift_minus_one;
  assign shift_minus_one = shift_i - 6'd1;
  assign shifted = $signed({product_i[ProductBits-1], product_i}) >>> shift_minus_one;
  assign rounded = $signed(shifted + {{ProductBits{1'b0}}, 1'b1}) >>> 1;
  assign biased = rounded + $signed({{(ProductBits-16){zero_i[16]}}, zero_i});
  always_comb begin
    if (biased < $signed({{(ProductBits-16){low_i[16]}}, low_i})) value_o = low_i;
    else if (biased > $signed({{(ProductBits-16){high_i[16]}}, high_i})) value_o = high_i;
    else value_o = biased[16:0];
  end
endmodule
