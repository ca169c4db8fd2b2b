// Descriptors of all layers of a chunk, and the current layer's words side by side.
//
// load_i in cycle t: word k is in place from t + 3 + k on; ready_o rises when the last one is.
module nba_descriptor #(
  parameter int unsigned Layers = 16,
  localparam int unsigned Words = nba_pkg::DescriptorWords,
  localparam int unsigned AddressBits = $clog2(Layers * 64)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   we_i,
  input  logic [AddressBits-1:0] waddr_i,
  input  logic [31:0]            wdata_i,
  input  logic                   load_i,
  input  logic [7:0]             layer_i,
  output logic                   ready_o,
  output logic [Words*32-1:0]    words_o
);
  logic                   run_q, valid_q, ready_q, last;
  logic [5:0]             word_q, word1_q;
  logic [AddressBits-1:0] raddr;
  logic [31:0]            data;
  logic [Words*32-1:0]    words_q;
  logic [13:0]            full_address;

  assign full_address = {layer_i, word_q};
  assign raddr = full_address[AddressBits-1:0];
  assign last = word_q == 6'(Words - 1);
  assign ready_o = ready_q;
  assign words_o = words_q;

  nba_ram #(.Width(32), .Depth(Layers * 64)) u_words (
    .clk_i,
    .we_i,
    .waddr_i,
    .wdata_i,
    .re_i   (1'b1),
    .raddr_i(raddr),
    .rdata_o(data)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      run_q <= 1'b0;
      valid_q <= 1'b0;
      ready_q <= 1'b0;
    end else begin
      if (load_i) run_q <= 1'b1;
      else if (last) run_q <= 1'b0;
      valid_q <= run_q;
      ready_q <= valid_q && word1_q == 6'(Words - 1);
    end
    word_q <= load_i ? '0 : word_q + 6'd1;
    word1_q <= word_q;
    // A shift register: the first word arrives first and ends lowest.
    if (valid_q) words_q <= {data, words_q[Words*32-1:32]};
  end
endmodule
