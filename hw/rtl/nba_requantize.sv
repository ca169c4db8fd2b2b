// One requantizer lane, half-up: y = clamp(((product + 2^(shift-1)) >> shift) + zero, low, high).
//
// Registers cycles deep, 0 = combinational, at most 3: behind the shift, behind the addition, amid the shift, in this
// order. They stand still while enable_i is low. shift_i goes with product_i; zero, low and high are constants.
// (t + 2^(s-1)) >> s equals ((t >> (s-1)) + 1) >> 1: one shifter and no wide constant; the one and the zero point are
// added together. Shift is 1..47.
module nba_requantize #(
  parameter int unsigned ProductBits = 49,
  parameter int unsigned Registers = 0
) (
  input  logic                   clk_i,
  input  logic                   enable_i,
  input  logic [ProductBits-1:0] product_i,
  input  logic [5:0]             shift_i,
  input  logic [16:0]            zero_i,
  input  logic [16:0]            low_i,
  input  logic [16:0]            high_i,
  output logic [16:0]            value_o
);
  logic [5:0]                  shift_minus_one;
  logic signed [ProductBits:0] coarse_d, shifted_d, sum_d;
  logic [ProductBits:0]        coarse, shifted, sum;
  logic [3:0]                  fine;
  assign shift_minus_one = shift_i - 6'd1;
  assign coarse_d = $signed({product_i[ProductBits-1], product_i}) >>> {shift_minus_one[5:4], 4'd0};
  nba_delay #(.Width(ProductBits + 5), .Cycles(Registers >= 3 ? 1 : 0)) u_coarse (
    .clk_i, .enable_i, .data_i({shift_minus_one[3:0], coarse_d}), .data_o({fine, coarse})
  );
  assign shifted_d = $signed(coarse) >>> fine;
  nba_delay #(.Width(ProductBits + 1), .Cycles(Registers >= 1 ? 1 : 0)) u_shifted (
    .clk_i, .enable_i, .data_i(shifted_d), .data_o(shifted)
  );
  assign sum_d = $signed(shifted) + $signed({{(ProductBits-17){zero_i[16]}}, zero_i, 1'b1});
  nba_delay #(.Width(ProductBits + 1), .Cycles(Registers >= 2 ? 1 : 0)) u_sum (
    .clk_i, .enable_i, .data_i(sum_d), .data_o(sum)
  );
  // The lowest bit is half a unit; what is above bit 17 is the sign, or the value is beyond both bounds.
  logic        is_narrow;
  logic [16:0] narrow;
  assign is_narrow = sum[ProductBits:17] == {(ProductBits-16){sum[ProductBits]}};
  assign narrow = sum[17:1];
  always_comb begin
    if (is_narrow ? $signed(narrow) < $signed(low_i) : sum[ProductBits]) value_o = low_i;
    else if (!is_narrow || $signed(narrow) > $signed(high_i)) value_o = high_i;
    else value_o = narrow;
  end
  logic unused_half;
  assign unused_half = sum[0];
endmodule
