// AXI4-Lite registers and the program window. Register map: docs/registers.md of a generated design.
//
// One access at a time: a write is taken when address and data are both there, a read when no answer is pending.
// Bit 23 of an address selects the program window: {1, chunk 4, memory 2, word 15, 00}; chunk 15 is the order memory.
module nba_csr #(
  parameter int unsigned Chunks = 2,
  parameter logic [63:0] ConfigHash = 64'd0,
  parameter int unsigned BusBits = 64
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // AXI4-Lite slave.
  input  logic                aw_valid_i,
  output logic                aw_ready_o,
  input  logic [23:0]         aw_address_i,
  input  logic                w_valid_i,
  output logic                w_ready_o,
  input  logic [31:0]         w_data_i,
  output logic                b_valid_o,
  input  logic                b_ready_i,
  input  logic                ar_valid_i,
  output logic                ar_ready_o,
  input  logic [23:0]         ar_address_i,
  output logic                r_valid_o,
  input  logic                r_ready_i,
  output logic [31:0]         r_data_o,
  // Program port.
  output logic [15:0]         program_we_o,
  output logic [16:0]         program_address_o,
  output logic [31:0]         program_data_o,
  // Configuration.
  output logic                start_o,
  output logic                latency_o,
  output logic                prologue_o,
  output logic [15:0]         images_o,
  output logic [15:0]         depth_o,
  output logic [15:0]         order_length_o,
  output logic [4:0]          outstanding_o,
  output logic [31:0]         port_times_o,
  output logic [4*32-1:0]     bases_o,
  output logic [Chunks*8-1:0] layers_o,
  // Status.
  input  logic                busy_i,
  input  logic                done_i,
  input  logic                error_i,
  input  logic [Chunks*128-1:0] counters_i,
  output logic                stop_o,
  output logic                irq_o
);
  localparam logic [31:0] Id = 32'h4e42_4131;       // "NBA1"
  localparam logic [31:0] Version = 32'h0001_0000;
  localparam int unsigned BeatShift = $clog2(BusBits / 8);

  logic        write, read, done_q, error_q, irq_enable_q, start_q, latency_q, prologue_q;
  logic [15:0] images_q, depth_q, order_length_q;
  logic [4:0]  outstanding_q;
  logic [31:0] port_times_q;
  logic [4*32-1:0]     bases_q;
  logic [Chunks*8-1:0] layers_q;
  logic [63:0] cycles_q;

  assign write = aw_valid_i && w_valid_i && !b_valid_o;
  assign aw_ready_o = write;
  assign w_ready_o = write;
  assign read = ar_valid_i && !r_valid_o;
  assign ar_ready_o = read;
  assign start_o = start_q;
  assign latency_o = latency_q;
  assign prologue_o = prologue_q;
  assign images_o = images_q;
  assign depth_o = depth_q;
  assign order_length_o = order_length_q;
  assign outstanding_o = outstanding_q;
  assign port_times_o = port_times_q;
  assign layers_o = layers_q;
  // A bus error is kept until the next start and ends the run.
  assign stop_o = error_q;
  assign irq_o = irq_enable_q && done_q;
  // Bases are byte addresses on the bus and beats inside.
  always_comb begin
    for (int unsigned k = 0; k < 4; k++) bases_o[k*32 +: 32] = bases_q[k*32 +: 32] >> BeatShift;
  end

  logic [31:0] data;
  always_comb begin
    data = 32'd0;
    unique case (ar_address_i[11:2])
      10'h000: data = Id;
      10'h001: data = Version;
      10'h002: data = ConfigHash[31:0];
      10'h003: data = ConfigHash[63:32];
      10'h004: data = {28'd0, prologue_q, 1'b0, latency_q, 1'b0};
      10'h005: data = {29'd0, error_q, done_q, busy_i};
      10'h006: data = {16'd0, images_q};
      10'h007: data = {16'd0, depth_q};
      10'h008: data = {27'd0, outstanding_q};
      10'h009: data = {31'd0, irq_enable_q};
      10'h00a: data = cycles_q[31:0];
      10'h00b: data = cycles_q[63:32];
      10'h010: data = {16'd0, order_length_q};
      10'h011: data = port_times_q;
      default: begin
        for (int unsigned k = 0; k < 4; k++) if (ar_address_i[11:2] == 10'(12 + k)) data = bases_q[k*32 +: 32];
        for (int unsigned c = 0; c < Chunks; c++)
          if (ar_address_i[11:2] == 10'(32 + c)) data = {24'd0, layers_q[c*8 +: 8]};
        for (int unsigned k = 0; k < Chunks * 4; k++)
          if (ar_address_i[11:2] == 10'(128 + k)) data = counters_i[k*32 +: 32];
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    start_q <= 1'b0;
    program_we_o <= '0;
    if (!rst_ni) begin
      b_valid_o <= 1'b0;
      r_valid_o <= 1'b0;
      done_q <= 1'b0;
      error_q <= 1'b0;
      irq_enable_q <= 1'b0;
      latency_q <= 1'b0;
      prologue_q <= 1'b0;
      images_q <= 16'd1;
      depth_q <= '0;
      order_length_q <= '0;
      outstanding_q <= 5'd8;
      port_times_q <= {12'd64, 12'd64, 8'd1};
      bases_q <= '0;
      layers_q <= '0;
    end else begin
      if (b_valid_o && b_ready_i) b_valid_o <= 1'b0;
      if (r_valid_o && r_ready_i) r_valid_o <= 1'b0;
      if (read) begin
        r_valid_o <= 1'b1;
        r_data_o <= data;
      end
      if (done_i) done_q <= 1'b1;
      if (error_i) error_q <= 1'b1;
      if (write) begin
        b_valid_o <= 1'b1;
        if (aw_address_i[23]) program_we_o[aw_address_i[22:19]] <= 1'b1;
        else
          unique case (aw_address_i[11:2])
            10'h004: begin
              start_q <= w_data_i[0] && !busy_i;
              latency_q <= w_data_i[1];
              prologue_q <= w_data_i[3];
              if (w_data_i[0] || w_data_i[2]) begin
                done_q <= 1'b0;
                error_q <= 1'b0;
              end
            end
            10'h006: images_q <= w_data_i[15:0];
            10'h007: depth_q <= w_data_i[15:0];
            10'h008: outstanding_q <= w_data_i[4:0];
            10'h009: irq_enable_q <= w_data_i[0];
            10'h010: order_length_q <= w_data_i[15:0];
            10'h011: port_times_q <= w_data_i;
            default: begin
              for (int unsigned k = 0; k < 4; k++)
                if (aw_address_i[11:2] == 10'(12 + k)) bases_q[k*32 +: 32] <= w_data_i;
              for (int unsigned c = 0; c < Chunks; c++)
                if (aw_address_i[11:2] == 10'(32 + c)) layers_q[c*8 +: 8] <= w_data_i[7:0];
            end
          endcase
      end
    end
    if (start_q) cycles_q <= '0;
    else if (busy_i) cycles_q <= cycles_q + 64'd1;
    program_address_o <= aw_address_i[18:2];
    program_data_o <= w_data_i;
  end
  logic unused_address;
  assign unused_address = ^{aw_address_i[1:0], ar_address_i[1:0], ar_address_i[23:12]};
endmodule
