// All products of an array, exact, one cycle after their operands: product (p, m, n) is activation (p, n) times weight
// (m, n); in a depthwise array activation (p, m) times weight (m). No back-pressure.
//
// ProductsPerDsp: 0 = products made of LUTs; 1 = one multiplier each; 2 = two products that share an
// operand in one multiplier (two outputs of a row; depthwise two rows of an output); 4 = two rows by two outputs. Rows
// and Outputs are even where they are packed.
//
// Packing: the operands that differ stand in one factor at distances of a product's width, SlotBits + WeightBits, so
// that product f of a block comes out as field f. Half a field is added to every field but the highest: then no
// field is negative, none borrows from the next, and flipping its top bit takes the half off again. One product alone
// keeps the bit that its factors suggest: synthesis takes a DSP block from 9 bits on.
// src/accelerator/multipliers.ts holds the widths for which factors fit a 25 x 18 multiplier.
module nba_multipliers #(
  parameter int unsigned Rows = 2,
  parameter int unsigned Outputs = 2,
  parameter int unsigned Inputs = 1,
  parameter bit          Depthwise = 1'b0,
  parameter int unsigned ProductsPerDsp = 1,
  parameter int unsigned SlotBits = 4,
  parameter int unsigned WeightBits = 4,
  localparam int unsigned WeightLanes = Depthwise ? 1 : Inputs,
  localparam int unsigned ActivationLanes = Depthwise ? Outputs : Inputs,
  localparam int unsigned ProductBits = SlotBits + WeightBits + (ProductsPerDsp > 1 ? 0 : 1)
) (
  input  logic                                             clk_i,
  input  logic                                             signed_i,
  input  logic [Rows*ActivationLanes*SlotBits-1:0]         activation_i,
  input  logic [Outputs*WeightLanes*WeightBits-1:0]        weight_i,
  output logic [Rows*Outputs*WeightLanes*ProductBits-1:0]  product_o
);
  localparam int unsigned PackedRows = ProductsPerDsp == 4 || (ProductsPerDsp == 2 && Depthwise) ? 2 : 1;
  localparam int unsigned PackedOutputs = ProductsPerDsp == 4 || (ProductsPerDsp == 2 && !Depthwise) ? 2 : 1;
  localparam int unsigned Fields = PackedRows * PackedOutputs;
  localparam int unsigned BlockBits = Fields * ProductBits;
  // A packed weight needs one bit more where both are the least; activations are extended by their sign already.
  localparam int unsigned ActivationBits = (PackedRows - 1) * PackedOutputs * ProductBits + SlotBits + 1;
  localparam int unsigned FactorBits = (PackedOutputs - 1) * (ProductBits + 1) + WeightBits;
  localparam int unsigned RowBlocks = Rows / PackedRows;
  localparam int unsigned OutputBlocks = Outputs / PackedOutputs;

  function automatic logic [ActivationBits-1:0] extend_activation(input logic [SlotBits-1:0] value,
                                                                  input logic negative);
    extend_activation = {{(ActivationBits-SlotBits){negative & value[SlotBits-1]}}, value};
  endfunction

  logic [RowBlocks*ActivationLanes*ActivationBits-1:0] activation;
  logic [OutputBlocks*WeightLanes*FactorBits-1:0] factor;
  always_comb begin
    for (int unsigned p = 0; p < RowBlocks; p++)
      for (int unsigned a = 0; a < ActivationLanes; a++) begin
        activation[(p*ActivationLanes+a)*ActivationBits +: ActivationBits] =
          extend_activation(activation_i[(p*PackedRows*ActivationLanes+a)*SlotBits +: SlotBits], signed_i);
        if (PackedRows == 2)
          activation[(p*ActivationLanes+a)*ActivationBits +: ActivationBits] =
            extend_activation(activation_i[(p*PackedRows*ActivationLanes+a)*SlotBits +: SlotBits], signed_i) +
            (extend_activation(activation_i[((p*PackedRows+PackedRows-1)*ActivationLanes+a)*SlotBits +: SlotBits],
                               signed_i) << (PackedOutputs * ProductBits));
      end
  end

  generate
    if (PackedOutputs == 2) begin : gen_weight_pairs
      function automatic logic [FactorBits-1:0] extend_weight(input logic [WeightBits-1:0] value);
        extend_weight = {{(FactorBits-WeightBits){value[WeightBits-1]}}, value};
      endfunction
      always_comb
        for (int unsigned m = 0; m < OutputBlocks; m++)
          for (int unsigned n = 0; n < WeightLanes; n++)
            factor[(m*WeightLanes+n)*FactorBits +: FactorBits] =
              extend_weight(weight_i[(m*2*WeightLanes+n)*WeightBits +: WeightBits]) +
              (extend_weight(weight_i[((m*2+1)*WeightLanes+n)*WeightBits +: WeightBits]) << ProductBits);
    end else begin : gen_weights
      assign factor = weight_i;
    end
  endgenerate

  function automatic logic [BlockBits-1:0] half_of_each_field();
    half_of_each_field = '0;
    for (int unsigned f = 0; f + 1 < Fields; f++) half_of_each_field[f*ProductBits+ProductBits-1] = 1'b1;
  endfunction

  function automatic logic [BlockBits-1:0] multiply(input logic [ActivationBits-1:0] left,
                                                    input logic [FactorBits-1:0] right);
    // All operands are signed, or the product would be an unsigned one and wider.
    multiply = $signed({{(BlockBits-ActivationBits){left[ActivationBits-1]}}, left}) *
               $signed({{(BlockBits-FactorBits){right[FactorBits-1]}}, right}) + $signed(half_of_each_field());
  endfunction

  logic [RowBlocks*OutputBlocks*WeightLanes*BlockBits-1:0] block_d, block_q;
  generate
    for (genvar p = 0; p < RowBlocks; p++) begin : gen_row
      for (genvar m = 0; m < OutputBlocks; m++) begin : gen_output
        for (genvar n = 0; n < WeightLanes; n++) begin : gen_lane
          localparam int unsigned Block = (p * OutputBlocks + m) * WeightLanes + n;
          localparam int unsigned Left = p * ActivationLanes + (Depthwise ? m : n);
          localparam int unsigned Right = m * WeightLanes + n;
          if (ProductsPerDsp == 0) begin : gen_lut
            nba_lut_product #(.LeftBits(FactorBits), .RightBits(ActivationBits)) u_product (
              .left_i(factor[Right*FactorBits +: FactorBits]),
              .right_i(activation[Left*ActivationBits +: ActivationBits]),
              .product_o(block_d[Block*BlockBits +: BlockBits])
            );
          end else begin : gen_dsp
            assign block_d[Block*BlockBits +: BlockBits] =
              multiply(activation[Left*ActivationBits +: ActivationBits], factor[Right*FactorBits +: FactorBits]);
          end
        end
      end
    end
  endgenerate
  always_ff @(posedge clk_i) block_q <= block_d;

  logic [BlockBits-1:0] halves;
  assign halves = half_of_each_field();
  always_comb begin
    for (int unsigned p = 0; p < Rows; p++)
      for (int unsigned m = 0; m < Outputs; m++)
        for (int unsigned n = 0; n < WeightLanes; n++)
          product_o[((p*Outputs+m)*WeightLanes+n)*ProductBits +: ProductBits] =
            block_q[(((p/PackedRows)*OutputBlocks+m/PackedOutputs)*WeightLanes+n)*BlockBits +
                    ((p%PackedRows)*PackedOutputs+m%PackedOutputs)*ProductBits +: ProductBits] ^
            halves[((p%PackedRows)*PackedOutputs+m%PackedOutputs)*ProductBits +: ProductBits];
  end
endmodule
