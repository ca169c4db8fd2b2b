// Starts the chunks: all of them epoch by epoch (throughput mode), or layer by layer for one image (latency mode).
//
// Throughput: in epoch e every chunk runs the layers whose image e - delay exists; a barrier ends the epoch. The
// next epoch begins, or done_o rises, 2 cycles after the slowest chunk's last. Latency: order_* names the chunk of
// each layer in execution order; the next layer begins, or done_o rises, 2 cycles after the last one's end.
// A prologue (which fills the chunks' on-chip memories) is one epoch. stop_i ends the run, with done_o, as soon as the chunks at work are done.
module nba_epoch #(
  parameter int unsigned Chunks = 2,
  parameter int unsigned OrderDepth = 64,
  localparam int unsigned OrderBits = $clog2(OrderDepth)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // Program port of the order memory.
  input  logic                 order_we_i,
  input  logic [OrderBits-1:0] order_waddr_i,
  input  logic [3:0]           order_wdata_i,
  // Control.
  input  logic                 start_i,
  input  logic                 latency_i,
  input  logic                 prologue_i,
  input  logic                 stop_i,
  input  logic [15:0]          images_i,
  input  logic [15:0]          depth_i,
  input  logic [15:0]          order_length_i,
  output logic                 busy_o,
  output logic                 done_o,
  // Chunks.
  output logic [Chunks-1:0]    go_o,
  output logic                 rewind_o,
  output logic                 single_o,
  output logic [15:0]          epoch_o,
  input  logic [Chunks-1:0]    done_i,
  output logic                 epoch_go_o
);
  typedef enum logic [2:0] {Idle, Fetch, Settle, Go, Wait} state_e;
  state_e            state_q;
  logic              latency_q, all_done, last_epoch, last_layer, last_layer_q;
  logic [15:0]       epoch_q, position_q, last_q;
  logic [Chunks-1:0] waiting_q;
  logic [3:0]        chunk;

  nba_ram #(.Width(4), .Depth(OrderDepth)) u_order (
    .clk_i,
    .we_i   (order_we_i),
    .waddr_i(order_waddr_i),
    .wdata_i(order_wdata_i),
    .re_i   (1'b1),
    .raddr_i(position_q[OrderBits-1:0]),
    .rdata_o(chunk)
  );

  assign busy_o = state_q != Idle;
  assign single_o = latency_q;
  assign epoch_o = epoch_q;
  assign rewind_o = state_q == Idle && start_i;
  assign all_done = (waiting_q & ~done_i) == '0;
  assign last_epoch = epoch_q == last_q;
  assign last_layer = !latency_q || position_q + 16'd1 == order_length_i;
  assign epoch_go_o = state_q == Go && (!latency_q || position_q == '0);
  always_comb begin
    for (int unsigned c = 0; c < Chunks; c++) go_o[c] = state_q == Go && (!latency_q || chunk == c[3:0]);
  end

  always_ff @(posedge clk_i) begin
    done_o <= 1'b0;
    if (!rst_ni) begin
      state_q <= Idle;
      latency_q <= 1'b0;
    end else begin
      unique case (state_q)
        Idle: if (start_i) begin
          state_q <= latency_i ? Fetch : Go;
          latency_q <= latency_i;
        end
        Fetch: state_q <= Settle;
        Settle: state_q <= Go;
        Go: state_q <= Wait;
        default: if (all_done) begin
          if ((last_layer_q && last_epoch) || stop_i) begin
            state_q <= Idle;
            done_o <= 1'b1;
          end else begin
            state_q <= Go;
          end
        end
      endcase
    end
    unique case (state_q)
      Idle: begin
        epoch_q <= '0;
        position_q <= '0;
        last_q <= latency_i ? images_i - 16'd1 : prologue_i ? 16'd0 : images_i + depth_i - 16'd1;
      end
      Go: begin
        waiting_q <= go_o;
        last_layer_q <= last_layer;
        // The next layer's chunk is fetched while this layer runs.
        position_q <= last_layer ? '0 : position_q + 16'd1;
      end
      Wait: begin
        waiting_q <= waiting_q & ~done_i;
        if (all_done && last_layer_q) epoch_q <= epoch_q + 16'd1;
      end
      default: ;
    endcase
  end
endmodule
