// templates/verilog/wrapper.v.hbs from src/emit/netlist.ts. Do not edit.
// Design layer_x, configuration e8e72410b792f279f53a407b11340a91a521c6aef61d07fefb03d29a4f6300a2.
//
// Plain Verilog around layer_x_core: named AXI ports, as block-design tools want them.
module layer_x (
  (* X_INTERFACE_INFO = "xilinx.com:signal:clock:1.0 aclk CLK" *)
  (* X_INTERFACE_PARAMETER = "ASSOCIATED_BUSIF s_axi:m00_axi, ASSOCIATED_RESET aresetn" *)
  input  wire aclk,
  (* X_INTERFACE_INFO = "xilinx.com:signal:reset:1.0 aresetn RST" *)
  (* X_INTERFACE_PARAMETER = "POLARITY ACTIVE_LOW" *)
  input  wire aresetn,
  input  wire [23:0] s_axi_awaddr,
  input  wire [2:0] s_axi_awprot,
  input  wire s_axi_awvalid,
  output wire s_axi_awready,
  input  wire [31:0] s_axi_wdata,
  input  wire [3:0] s_axi_wstrb,
  input  wire s_axi_wvalid,
  output wire s_axi_wready,
  output wire [1:0] s_axi_bresp,
  output wire s_axi_bvalid,
  input  wire s_axi_bready,
  input  wire [23:0] s_axi_araddr,
  input  wire [2:0] s_axi_arprot,
  input  wire s_axi_arvalid,
  output wire s_axi_arready,
  output wire [31:0] s_axi_rdata,
  output wire [1:0] s_axi_rresp,
  output wire s_axi_rvalid,
  input  wire s_axi_rready,
  output wire [31:0] m00_axi_araddr,
  output wire [7:0] m00_axi_arlen,
  output wire [2:0] m00_axi_arsize,
  output wire [1:0] m00_axi_arburst,
  output wire [3:0] m00_axi_arcache,
  output wire [2:0] m00_axi_arprot,
  output wire m00_axi_arvalid,
  input  wire m00_axi_arready,
  input  wire [64-1:0] m00_axi_rdata,
  input  wire [1:0] m00_axi_rresp,
  input  wire m00_axi_rlast,
  input  wire m00_axi_rvalid,
  output wire m00_axi_rready,
  output wire [31:0] m00_axi_awaddr,
  output wire [7:0] m00_axi_awlen,
  output wire [2:0] m00_axi_awsize,
  output wire [1:0] m00_axi_awburst,
  output wire [3:0] m00_axi_awcache,
  output wire [2:0] m00_axi_awprot,
  output wire m00_axi_awvalid,
  input  wire m00_axi_awready,
  output wire [64-1:0] m00_axi_wdata,
  output wire [8-1:0] m00_axi_wstrb,
  output wire m00_axi_wlast,
  output wire m00_axi_wvalid,
  input  wire m00_axi_wready,
  input  wire [1:0] m00_axi_bresp,
  input  wire m00_axi_bvalid,
  output wire m00_axi_bready,
  output wire irq,
  output wire epoch_go,
  output wire run_done,
  output wire [32-1:0] unit_trace
);
  assign s_axi_bresp = 2'b00;
  assign s_axi_rresp = 2'b00;
  assign m00_axi_arsize = 3'd3;
  assign m00_axi_arburst = 2'b01;
  assign m00_axi_arcache = 4'b0011;
  assign m00_axi_arprot = 3'b000;
  assign m00_axi_rready = 1'b1;
  assign m00_axi_awsize = 3'd3;
  assign m00_axi_awburst = 2'b01;
  assign m00_axi_awcache = 4'b0011;
  assign m00_axi_awprot = 3'b000;
  assign m00_axi_wstrb = 8'hff;
  assign m00_axi_bready = 1'b1;
  wire unused_lite;
  assign unused_lite = ^{s_axi_awprot, s_axi_wstrb, s_axi_arprot};

  layer_x_core u_core (
    .clk_i(aclk),
    .rst_ni(aresetn),
    .s_aw_valid_i(s_axi_awvalid),
    .s_aw_ready_o(s_axi_awready),
    .s_aw_address_i(s_axi_awaddr),
    .s_w_valid_i(s_axi_wvalid),
    .s_w_ready_o(s_axi_wready),
    .s_w_data_i(s_axi_wdata),
    .s_b_valid_o(s_axi_bvalid),
    .s_b_ready_i(s_axi_bready),
    .s_ar_valid_i(s_axi_arvalid),
    .s_ar_ready_o(s_axi_arready),
    .s_ar_address_i(s_axi_araddr),
    .s_r_valid_o(s_axi_rvalid),
    .s_r_ready_i(s_axi_rready),
    .s_r_data_o(s_axi_rdata),
    .ar_valid_o(m00_axi_arvalid),
    .ar_ready_i(m00_axi_arready),
    .ar_address_o(m00_axi_araddr),
    .ar_length_o(m00_axi_arlen),
    .r_valid_i(m00_axi_rvalid),
    .r_last_i(m00_axi_rlast),
    .r_response_i(m00_axi_rresp),
    .r_data_i(m00_axi_rdata),
    .aw_valid_o(m00_axi_awvalid),
    .aw_ready_i(m00_axi_awready),
    .aw_address_o(m00_axi_awaddr),
    .aw_length_o(m00_axi_awlen),
    .w_valid_o(m00_axi_wvalid),
    .w_ready_i(m00_axi_wready),
    .w_data_o(m00_axi_wdata),
    .w_last_o(m00_axi_wlast),
    .b_valid_i(m00_axi_bvalid),
    .b_response_i(m00_axi_bresp),
    .irq_o(irq),
    .epoch_go_o(epoch_go),
    .run_done_o(run_done),
    .trace_o(unit_trace)
  );
endmodule
