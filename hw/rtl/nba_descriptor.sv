// Descriptors of all layers of a chunk, one entry a layer: all words of one are read side by side.
//
// load_i in cycle t: the words of layer_i are in place from t + 1 on and stay until the next load_i.
module nba_descriptor #(
  parameter int unsigned Layers = 16,
  localparam int unsigned Words = nba_pkg::DescriptorWords,
  localparam int unsigned LayerBits = $clog2(Layers)
) (
  input  logic                 clk_i,
  // Program port: one 32-bit word of one layer.
  input  logic                 we_i,
  input  logic [LayerBits-1:0] wlayer_i,
  input  logic [5:0]           wword_i,
  input  logic [31:0]          wdata_i,
  input  logic                 load_i,
  input  logic [LayerBits-1:0] layer_i,
  output logic [Words*32-1:0]  words_o
);
  generate
    for (genvar k = 0; k < Words; k++) begin : gen_word
      nba_ram #(.Width(32), .Depth(Layers)) u_words (
        .clk_i,
        .we_i   (we_i && wword_i == k[5:0]),
        .waddr_i(wlayer_i),
        .wdata_i,
        .re_i   (load_i),
        .raddr_i(layer_i),
        .rdata_o(words_o[k*32 +: 32])
      );
    end
  endgenerate
endmodule
