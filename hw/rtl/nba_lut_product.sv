// One exact product of two signed numbers, made of LUTs and carry chains. Combinational.
//
// The left factor's base-4 digits choose among 0, 1, 2 and 3 times the right factor; a tree adds them up, and its sign
// takes the right factor off at the top. Each sum hands its lowest bits on past the adder: synthesis then keeps the
// tree, where a plain sum of partial products becomes compressors that need three times the LUTs, and no DSP block
// takes any of it.
module nba_lut_product #(
  parameter int unsigned LeftBits = 8,
  parameter int unsigned RightBits = 9
) (
  input  logic [LeftBits-1:0]           left_i,
  input  logic [RightBits-1:0]          right_i,
  output logic [LeftBits+RightBits-1:0] product_o
);
  localparam int unsigned Levels = $clog2((LeftBits + 1) / 2);
  localparam int unsigned Digits = 1 << Levels;

  logic [2*Digits-1:0]           digits;
  logic [RightBits+1:0]          once, twice, thrice;
  logic [2*Digits+RightBits-1:0] unsigned_product;
  always_comb begin
    digits = '0;
    digits[LeftBits-1:0] = left_i;
  end
  assign once = {{2{right_i[RightBits-1]}}, right_i};
  assign twice = {right_i[RightBits-1], right_i, 1'b0};
  assign thrice = once + twice;

  generate
    for (genvar l = 0; l <= Levels; l++) begin : gen_level
      localparam int unsigned Shift = 1 << l;
      localparam int unsigned HalfBits = RightBits + Shift;
      for (genvar k = 0; k < (Digits >> l); k++) begin : gen_node
        logic [RightBits+2*Shift-1:0] sum;
        if (l == 0) begin : gen_digit
          always_comb
            case (digits[2*k +: 2])
              2'd0: sum = '0;
              2'd1: sum = once;
              2'd2: sum = twice;
              default: sum = thrice;
            endcase
        end else begin : gen_sum
          logic [HalfBits-1:0] low, high;
          assign low = gen_level[l-1].gen_node[2*k].sum;
          assign high = gen_level[l-1].gen_node[2*k+1].sum;
          assign sum = {{{Shift{low[HalfBits-1]}}, low[HalfBits-1:Shift]} + high, low[Shift-1:0]};
        end
      end
    end
  endgenerate
  assign unsigned_product = gen_level[Levels].gen_node[0].sum;
  assign product_o[LeftBits-1:0] = unsigned_product[LeftBits-1:0];
  assign product_o[LeftBits +: RightBits] =
    unsigned_product[LeftBits +: RightBits] - (right_i & {RightBits{left_i[LeftBits-1]}});
  generate
    if (2 * Digits > LeftBits) begin : gen_unused
      logic [2*Digits-LeftBits-1:0] unused_upper;
      assign unused_upper = unsigned_product[2*Digits+RightBits-1:LeftBits+RightBits];
    end
  endgenerate
endmodule
