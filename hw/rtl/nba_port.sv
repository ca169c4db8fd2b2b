// One AXI4 memory port for Slots chunks. Alone, a chunk has the port's wires; several take turns, a beat each turn.
//
// Turns are slot_cycles_i long and go round, whoever wants something or not: slot k may ask for one beat and write
// one beat in the first cycle of its turn. Where the memory moves a beat every slot_cycles_i cycles, no beat ever
// waits for another chunk's, so each chunk's cycles are its own (nba_slot has what it sees). A read is on the bus one
// cycle after its turn began, a write's address too and its data after that. All bursts are single beats; up to
// Pending of them may be under way each way. frame_i is Slots * slot_cycles_i.
module nba_port #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned Slots = 2,
  localparam int unsigned SlotBits = Slots > 1 ? $clog2(Slots) : 1,
  localparam int unsigned Pending = 64
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic [7:0]               slot_cycles_i,
  input  logic [11:0]              read_hold_i,      // from a turn's first cycle to the beat's arrival
  input  logic [11:0]              write_hold_i,     // from a turn's first cycle to the answer's arrival
  // Chunks, slot k in slice k.
  input  logic [Slots-1:0]         slot_ar_valid_i,
  output logic [Slots-1:0]         slot_ar_ready_o,
  input  logic [Slots*32-1:0]      slot_ar_address_i,
  input  logic [Slots*8-1:0]       slot_ar_length_i,
  output logic [Slots-1:0]         slot_r_valid_o,
  output logic [Slots-1:0]         slot_r_last_o,
  output logic [Slots*2-1:0]       slot_r_response_o,
  output logic [Slots*BusBits-1:0] slot_r_data_o,
  input  logic [Slots-1:0]         slot_aw_valid_i,
  output logic [Slots-1:0]         slot_aw_ready_o,
  input  logic [Slots*32-1:0]      slot_aw_address_i,
  input  logic [Slots*8-1:0]       slot_aw_length_i,
  input  logic [Slots-1:0]         slot_w_valid_i,
  output logic [Slots-1:0]         slot_w_ready_o,
  input  logic [Slots*BusBits-1:0] slot_w_data_i,
  input  logic [Slots-1:0]         slot_w_last_i,
  output logic [Slots-1:0]         slot_b_valid_o,
  output logic [Slots*2-1:0]       slot_b_response_o,
  // AXI4 master.
  output logic                     ar_valid_o,
  input  logic                     ar_ready_i,
  output logic [31:0]              ar_address_o,
  output logic [7:0]               ar_length_o,
  input  logic                     r_valid_i,
  input  logic                     r_last_i,
  input  logic [1:0]               r_response_i,
  input  logic [BusBits-1:0]       r_data_i,
  output logic                     aw_valid_o,
  input  logic                     aw_ready_i,
  output logic [31:0]              aw_address_o,
  output logic [7:0]               aw_length_o,
  output logic                     w_valid_o,
  input  logic                     w_ready_i,
  output logic [BusBits-1:0]       w_data_o,
  output logic                     w_last_o,
  input  logic                     b_valid_i,
  input  logic [1:0]               b_response_i
);
  generate
    if (Slots == 1) begin : gen_own
      assign {ar_valid_o, ar_address_o, ar_length_o} = {slot_ar_valid_i, slot_ar_address_i, slot_ar_length_i};
      assign {aw_valid_o, aw_address_o, aw_length_o} = {slot_aw_valid_i, slot_aw_address_i, slot_aw_length_i};
      assign {w_valid_o, w_data_o, w_last_o} = {slot_w_valid_i, slot_w_data_i, slot_w_last_i};
      assign {slot_ar_ready_o, slot_aw_ready_o, slot_w_ready_o} = {ar_ready_i, aw_ready_i, w_ready_i};
      assign {slot_r_valid_o, slot_r_last_o, slot_r_response_o, slot_r_data_o} =
             {r_valid_i, r_last_i, r_response_i, r_data_i};
      assign {slot_b_valid_o, slot_b_response_o} = {b_valid_i, b_response_i};
      logic unused_own;
      assign unused_own = ^{clk_i, rst_ni, slot_cycles_i, read_hold_i, write_hold_i};
    end else begin : gen_shared
      // Beats that one chunk has under way: the port's, shared among the slots, and one that waits.
      localparam int unsigned ReadDepth = 1 << $clog2(Pending / Slots + 2);
      localparam logic [SlotBits-1:0] LastSlot = SlotBits'(Slots - 1);

      logic [23:0]         now_q;
      logic [15:0]         frame_q, write_hold_q;
      logic [7:0]          cycle_q;
      logic [SlotBits-1:0] turn_q;
      logic                turn_end, turn_begin;
      assign turn_end = cycle_q + 8'd1 >= slot_cycles_i;
      assign turn_begin = cycle_q == 8'd0;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          now_q <= '0;
          cycle_q <= '0;
          turn_q <= '0;
        end else begin
          now_q <= now_q + 24'd1;
          cycle_q <= turn_end ? '0 : cycle_q + 8'd1;
          if (turn_end) turn_q <= turn_q == LastSlot ? '0 : turn_q + 1'b1;
        end
        frame_q <= 16'(slot_cycles_i) * Slots[15:0];
        write_hold_q <= frame_q + 16'(write_hold_i);
      end

      logic [Slots-1:0]         read_valid, read_take, beat_valid, write_valid, write_take, write_last, answer_valid;
      logic [Slots*32-1:0]      read_address, write_address;
      logic [Slots*BusBits-1:0] write_data;
      logic                     read_ok, write_ok, read_launch, write_launch, answer_last;
      logic [31:0]              read_address_now, write_address_now;
      logic [BusBits-1:0]       write_data_now;
      logic                     write_last_now;
      logic [SlotBits-1:0]      reader, writer;
      logic                     readers_empty, readers_full, writers_empty, writers_full;
      logic                     data_empty, data_full;

      for (genvar k = 0; k < Slots; k++) begin : gen_slot
        nba_slot #(.BusBits(BusBits), .ReadDepth(ReadDepth)) u_slot (
          .clk_i,
          .rst_ni,
          .now_i            (now_q),
          .frame_i          (frame_q),
          .read_hold_i      (16'(read_hold_i)),
          .write_hold_i     (write_hold_q),
          .ar_valid_i       (slot_ar_valid_i[k]),
          .ar_ready_o       (slot_ar_ready_o[k]),
          .ar_address_i     (slot_ar_address_i[k*32 +: 32]),
          .ar_length_i      (slot_ar_length_i[k*8 +: 8]),
          .r_valid_o        (slot_r_valid_o[k]),
          .r_last_o         (slot_r_last_o[k]),
          .r_response_o     (slot_r_response_o[k*2 +: 2]),
          .r_data_o         (slot_r_data_o[k*BusBits +: BusBits]),
          .aw_valid_i       (slot_aw_valid_i[k]),
          .aw_ready_o       (slot_aw_ready_o[k]),
          .aw_address_i     (slot_aw_address_i[k*32 +: 32]),
          .w_valid_i        (slot_w_valid_i[k]),
          .w_ready_o        (slot_w_ready_o[k]),
          .w_data_i         (slot_w_data_i[k*BusBits +: BusBits]),
          .w_last_i         (slot_w_last_i[k]),
          .b_valid_o        (slot_b_valid_o[k]),
          .b_response_o     (slot_b_response_o[k*2 +: 2]),
          .read_valid_o     (read_valid[k]),
          .read_take_i      (read_take[k]),
          .read_address_o   (read_address[k*32 +: 32]),
          .beat_valid_i     (beat_valid[k]),
          .beat_response_i  (r_response_i),
          .beat_data_i      (r_data_i),
          .write_valid_o    (write_valid[k]),
          .write_take_i     (write_take[k]),
          .write_address_o  (write_address[k*32 +: 32]),
          .write_data_o     (write_data[k*BusBits +: BusBits]),
          .write_last_o     (write_last[k]),
          .answer_valid_i   (answer_valid[k]),
          .answer_last_i    (answer_last),
          .answer_response_i(b_response_i)
        );
      end

      // Whose turn it is decides alone; a full queue or a waiting address lets the turn pass.
      assign read_ok = turn_begin && !readers_full && (!ar_valid_o || ar_ready_i);
      assign write_ok = turn_begin && !writers_full && !data_full && (!aw_valid_o || aw_ready_i);
      always_comb begin
        read_take = '0;
        write_take = '0;
        beat_valid = '0;
        answer_valid = '0;
        read_address_now = '0;
        write_address_now = '0;
        write_data_now = '0;
        write_last_now = 1'b0;
        for (int unsigned k = 0; k < Slots; k++) begin
          if (turn_q == SlotBits'(k)) begin
            read_take[k] = read_ok && read_valid[k];
            write_take[k] = write_ok && write_valid[k];
            read_address_now = read_address[k*32 +: 32];
            write_address_now = write_address[k*32 +: 32];
            write_data_now = write_data[k*BusBits +: BusBits];
            write_last_now = write_last[k];
          end
          beat_valid[k] = r_valid_i && reader == SlotBits'(k);
          answer_valid[k] = b_valid_i && writer == SlotBits'(k);
        end
      end
      assign read_launch = |read_take;
      assign write_launch = |write_take;

      // Beats and answers come back in order, so queues of slot numbers say whose they are.
      nba_fifo #(.Width(SlotBits), .Depth(Pending)) u_readers (
        .clk_i, .rst_ni, .push_i(read_launch), .data_i(turn_q), .pop_i(r_valid_i),
        .empty_o(readers_empty), .full_o(readers_full), .data_o(reader)
      );
      nba_fifo #(.Width(SlotBits + 1), .Depth(Pending)) u_writers (
        .clk_i, .rst_ni, .push_i(write_launch), .data_i({write_last_now, turn_q}), .pop_i(b_valid_i),
        .empty_o(writers_empty), .full_o(writers_full), .data_o({answer_last, writer})
      );
      // Data leaves once its address was taken.
      nba_fifo #(.Width(BusBits), .Depth(4)) u_data (
        .clk_i, .rst_ni, .push_i(write_launch), .data_i(write_data_now), .pop_i(w_valid_o && w_ready_i),
        .empty_o(data_empty), .full_o(data_full), .data_o(w_data_o)
      );
      logic [2:0] granted_q;
      assign w_valid_o = granted_q != 3'd0;
      assign w_last_o = 1'b1;
      assign ar_length_o = 8'd0;
      assign aw_length_o = 8'd0;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          ar_valid_o <= 1'b0;
          aw_valid_o <= 1'b0;
          granted_q <= '0;
        end else begin
          if (read_launch) ar_valid_o <= 1'b1;
          else if (ar_ready_i) ar_valid_o <= 1'b0;
          if (write_launch) aw_valid_o <= 1'b1;
          else if (aw_ready_i) aw_valid_o <= 1'b0;
          granted_q <= granted_q + 3'(aw_valid_o && aw_ready_i) - 3'(w_valid_o && w_ready_i);
        end
        if (read_launch) ar_address_o <= read_address_now;
        if (write_launch) aw_address_o <= write_address_now;
      end
      logic unused_shared;
      assign unused_shared = ^{r_last_i, slot_aw_length_i, readers_empty, writers_empty, data_empty};
    end
  endgenerate
endmodule
