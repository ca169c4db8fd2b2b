// templates/verilog/top.sv.hbs from src/emit/netlist.ts. Do not edit.
// Design layer_x, configuration e8e72410b792f279f53a407b11340a91a521c6aef61d07fefb03d29a4f6300a2.
//
// 1 chunks, 1 memory ports, epoch control and registers. Port p is slice p of each flat vector.
module layer_x_core #(
  localparam int unsigned Chunks = 1,
  localparam int unsigned Ports = 1,
  localparam int unsigned BusBits = 64,
  localparam int unsigned TraceBits = 32
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  // AXI4-Lite slave.
  input  logic                        s_aw_valid_i,
  output logic                        s_aw_ready_o,
  input  logic [23:0]                 s_aw_address_i,
  input  logic                        s_w_valid_i,
  output logic                        s_w_ready_o,
  input  logic [31:0]                 s_w_data_i,
  output logic                        s_b_valid_o,
  input  logic                        s_b_ready_i,
  input  logic                        s_ar_valid_i,
  output logic                        s_ar_ready_o,
  input  logic [23:0]                 s_ar_address_i,
  output logic                        s_r_valid_o,
  input  logic                        s_r_ready_i,
  output logic [31:0]                 s_r_data_o,
  // AXI4 masters, one for each port.
  output logic [Ports-1:0]            ar_valid_o,
  input  logic [Ports-1:0]            ar_ready_i,
  output logic [Ports*32-1:0]         ar_address_o,
  output logic [Ports*8-1:0]          ar_length_o,
  input  logic [Ports-1:0]            r_valid_i,
  input  logic [Ports-1:0]            r_last_i,
  input  logic [Ports*2-1:0]          r_response_i,
  input  logic [Ports*BusBits-1:0]    r_data_i,
  output logic [Ports-1:0]            aw_valid_o,
  input  logic [Ports-1:0]            aw_ready_i,
  output logic [Ports*32-1:0]         aw_address_o,
  output logic [Ports*8-1:0]          aw_length_o,
  output logic [Ports-1:0]            w_valid_o,
  input  logic [Ports-1:0]            w_ready_i,
  output logic [Ports*BusBits-1:0]    w_data_o,
  output logic [Ports-1:0]            w_last_o,
  input  logic [Ports-1:0]            b_valid_i,
  input  logic [Ports*2-1:0]          b_response_i,
  // Status; the trace is for a logic analyser and may stay open.
  output logic                        irq_o,
  output logic                        epoch_go_o,
  output logic                        run_done_o,
  output logic [Chunks*TraceBits-1:0] trace_o
);
  logic [15:0]         program_we;
  logic [16:0]         program_address;
  logic [31:0]         program_data;
  logic                start, latency, prologue, busy, done, rewind, single;
  logic [15:0]         images, depth, order_length, epoch;
  logic [4:0]          outstanding;
  logic [4*32-1:0]     bases;
  logic [Chunks*8-1:0] layers;
  logic [Chunks-1:0]   go, chunk_done, chunk_busy, chunk_run, chunk_error;
  logic                stop;
  logic [31:0]         port_times;
  logic [Chunks-1:0]         chunk_ar_valid, chunk_ar_ready, chunk_r_valid, chunk_r_last, chunk_aw_valid, chunk_aw_ready;
  logic [Chunks-1:0]         chunk_w_valid, chunk_w_ready, chunk_w_last, chunk_b_valid;
  logic [Chunks*32-1:0]      chunk_ar_address, chunk_aw_address;
  logic [Chunks*8-1:0]       chunk_ar_length, chunk_aw_length;
  logic [Chunks*2-1:0]       chunk_r_response, chunk_b_response;
  logic [Chunks*BusBits-1:0] chunk_r_data, chunk_w_data;
  logic [Chunks*128-1:0] counters;

  nba_csr #(
    .Chunks    (Chunks),
    .ConfigHash(64'he8e72410b792f279),
    .BusBits   (BusBits)
  ) u_csr (
    .clk_i,
    .rst_ni,
    .aw_valid_i       (s_aw_valid_i),
    .aw_ready_o       (s_aw_ready_o),
    .aw_address_i     (s_aw_address_i),
    .w_valid_i        (s_w_valid_i),
    .w_ready_o        (s_w_ready_o),
    .w_data_i         (s_w_data_i),
    .b_valid_o        (s_b_valid_o),
    .b_ready_i        (s_b_ready_i),
    .ar_valid_i       (s_ar_valid_i),
    .ar_ready_o       (s_ar_ready_o),
    .ar_address_i     (s_ar_address_i),
    .r_valid_o        (s_r_valid_o),
    .r_ready_i        (s_r_ready_i),
    .r_data_o         (s_r_data_o),
    .program_we_o     (program_we),
    .program_address_o(program_address),
    .program_data_o   (program_data),
    .start_o          (start),
    .latency_o        (latency),
    .prologue_o       (prologue),
    .images_o         (images),
    .depth_o          (depth),
    .order_length_o   (order_length),
    .outstanding_o    (outstanding),
    .port_times_o     (port_times),
    .bases_o          (bases),
    .layers_o         (layers),
    .busy_i           (busy),
    .done_i           (done),
    .error_i          (|chunk_error),
    .counters_i       (counters),
    .stop_o           (stop),
    .irq_o
  );

  nba_epoch #(
    .Chunks    (Chunks),
    .OrderDepth(16)
  ) u_epoch (
    .clk_i,
    .rst_ni,
    .order_we_i    (program_we[15]),
    .order_waddr_i (program_address[4-1:0]),
    .order_wdata_i (program_data[3:0]),
    .start_i       (start),
    .latency_i     (latency),
    .prologue_i    (prologue),
    .stop_i        (stop),
    .images_i      (images),
    .depth_i       (depth),
    .order_length_i(order_length),
    .busy_o        (busy),
    .done_o        (done),
    .go_o          (go),
    .rewind_o      (rewind),
    .single_o      (single),
    .epoch_o       (epoch),
    .done_i        (chunk_done),
    .epoch_go_o
  );

  // standard 3 x 4 x 2, 5-bit weights, 8-bit activations
  nba_chunk #(
    .BusBits       (BusBits),
    .Rows          (3),
    .Outputs       (4),
    .Inputs        (2),
    .Depthwise     (1'b0),
    .ProductsPerDsp(0),
    .RotationRegisters(0),
    .AdderRegisters(0),
    .SumRegisters  (0),
    .RequantizerRegisters(0),
    .SlotBits      (8),
    .WeightBits    (5),
    .Requantizers  (2),
    .HasAdd        (1'b1),
    .Tflite        (1'b0),
    .OutputSlots   (4'd4),
    .OperandSlots  (4'd4),
    .InputWords    (32),
    .WeightWords   (64),
    .ParameterWords(8),
    .SumWords      (16),
    .OperandWords  (16),
    .SumBuffers    (2),
    .ChipWords     (0),
    .Layers        (2),
    .TableDepth    (16)
  ) u_chunk_0 (
    .clk_i,
    .rst_ni,
    .program_we_i     (program_we[0]),
    .program_address_i(program_address),
    .program_data_i   (program_data),
    .layers_i         (layers[0*8 +: 8]),
    .bases_i          (bases),
    .outstanding_i    (outstanding),
    .go_i             (go[0]),
    .rewind_i         (rewind),
    .single_i         (single),
    .prologue_i       (prologue),
    .stop_i           (stop),
    .epoch_i          (epoch),
    .images_i         (images),
    .busy_o           (chunk_busy[0]),
    .done_o           (chunk_done[0]),
    .run_o            (chunk_run[0]),
    .error_o          (chunk_error[0]),
    .counters_o       (counters[0*128 +: 128]),
    .trace_o          (trace_o[0*TraceBits +: TraceBits]),
    .ar_valid_o       (chunk_ar_valid[0]),
    .ar_ready_i       (chunk_ar_ready[0]),
    .ar_address_o     (chunk_ar_address[0*32 +: 32]),
    .ar_length_o      (chunk_ar_length[0*8 +: 8]),
    .r_valid_i        (chunk_r_valid[0]),
    .r_last_i         (chunk_r_last[0]),
    .r_response_i     (chunk_r_response[0*2 +: 2]),
    .r_data_i         (chunk_r_data[0*BusBits +: BusBits]),
    .aw_valid_o       (chunk_aw_valid[0]),
    .aw_ready_i       (chunk_aw_ready[0]),
    .aw_address_o     (chunk_aw_address[0*32 +: 32]),
    .aw_length_o      (chunk_aw_length[0*8 +: 8]),
    .w_valid_o        (chunk_w_valid[0]),
    .w_ready_i        (chunk_w_ready[0]),
    .w_data_o         (chunk_w_data[0*BusBits +: BusBits]),
    .w_last_o         (chunk_w_last[0]),
    .b_valid_i        (chunk_b_valid[0]),
    .b_response_i     (chunk_b_response[0*2 +: 2])
  );

  // chunk 0 alone
  nba_port #(
    .BusBits(BusBits),
    .Slots  (1)
  ) u_port_0 (
    .clk_i,
    .rst_ni,
    .slot_cycles_i(port_times[7:0]),
    .read_hold_i  (port_times[19:8]),
    .write_hold_i (port_times[31:20]),
    .slot_ar_valid_i(chunk_ar_valid[0]),
    .slot_ar_ready_o(chunk_ar_ready[0]),
    .slot_ar_address_i(chunk_ar_address[0*32 +: 32]),
    .slot_ar_length_i(chunk_ar_length[0*8 +: 8]),
    .slot_r_valid_o(chunk_r_valid[0]),
    .slot_r_last_o(chunk_r_last[0]),
    .slot_r_response_o(chunk_r_response[0*2 +: 2]),
    .slot_r_data_o(chunk_r_data[0*BusBits +: BusBits]),
    .slot_aw_valid_i(chunk_aw_valid[0]),
    .slot_aw_ready_o(chunk_aw_ready[0]),
    .slot_aw_address_i(chunk_aw_address[0*32 +: 32]),
    .slot_aw_length_i(chunk_aw_length[0*8 +: 8]),
    .slot_w_valid_i(chunk_w_valid[0]),
    .slot_w_ready_o(chunk_w_ready[0]),
    .slot_w_data_i(chunk_w_data[0*BusBits +: BusBits]),
    .slot_w_last_i(chunk_w_last[0]),
    .slot_b_valid_o(chunk_b_valid[0]),
    .slot_b_response_o(chunk_b_response[0*2 +: 2]),
    .ar_valid_o   (ar_valid_o[0]),
    .ar_ready_i   (ar_ready_i[0]),
    .ar_address_o (ar_address_o[0*32 +: 32]),
    .ar_length_o  (ar_length_o[0*8 +: 8]),
    .r_valid_i    (r_valid_i[0]),
    .r_last_i     (r_last_i[0]),
    .r_response_i (r_response_i[0*2 +: 2]),
    .r_data_i     (r_data_i[0*BusBits +: BusBits]),
    .aw_valid_o   (aw_valid_o[0]),
    .aw_ready_i   (aw_ready_i[0]),
    .aw_address_o (aw_address_o[0*32 +: 32]),
    .aw_length_o  (aw_length_o[0*8 +: 8]),
    .w_valid_o    (w_valid_o[0]),
    .w_ready_i    (w_ready_i[0]),
    .w_data_o     (w_data_o[0*BusBits +: BusBits]),
    .w_last_o     (w_last_o[0]),
    .b_valid_i    (b_valid_i[0]),
    .b_response_i (b_response_i[0*2 +: 2])
  );

  assign run_done_o = done;
  logic unused_status;
  assign unused_status = ^{chunk_busy, chunk_run, program_we};
endmodule
