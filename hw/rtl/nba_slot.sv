// One chunk's seat at a shared port: cuts its bursts into single beats, and hands data and answers on at fixed times.
//
// The chunk sees a memory of its own: a burst of reads taken in cycle t has its first beat in t + read_hold_i +
// frame_i and one each frame_i after it, in order; a write beat is taken every frame_i cycles, its burst answered
// write_hold_i after the last. This holds, whatever the other chunks of the port do, where every beat that is asked
// for (read_valid_o, write_valid_o) is taken within frame_i cycles, and arrives within read_hold_i cycles after it
// was taken, or is answered so that the answer arrives within write_hold_i - frame_i. Where the memory is slower,
// beats come later and in order. Up to 16 bursts each way, ReadDepth beats of reads under way. Addresses in bytes.
module nba_slot #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned ReadDepth = 64
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic [23:0]        now_i,          // counts cycles, the same for all seats of a port
  input  logic [15:0]        frame_i,
  input  logic [15:0]        read_hold_i,
  input  logic [15:0]        write_hold_i,
  // The chunk's AXI4 master.
  input  logic               ar_valid_i,
  output logic               ar_ready_o,
  input  logic [31:0]        ar_address_i,
  input  logic [7:0]         ar_length_i,
  output logic               r_valid_o,
  output logic               r_last_o,
  output logic [1:0]         r_response_o,
  output logic [BusBits-1:0] r_data_o,
  input  logic               aw_valid_i,
  output logic               aw_ready_o,
  input  logic [31:0]        aw_address_i,
  input  logic               w_valid_i,
  output logic               w_ready_o,
  input  logic [BusBits-1:0] w_data_i,
  input  logic               w_last_i,
  output logic               b_valid_o,
  output logic [1:0]         b_response_o,
  // Single beats, taken when the chunk's slot is on turn.
  output logic               read_valid_o,
  input  logic               read_take_i,
  output logic [31:0]        read_address_o,
  input  logic               beat_valid_i,
  input  logic [1:0]         beat_response_i,
  input  logic [BusBits-1:0] beat_data_i,
  output logic               write_valid_o,
  input  logic               write_take_i,
  output logic [31:0]        write_address_o,
  output logic [BusBits-1:0] write_data_o,
  output logic               write_last_o,
  input  logic               answer_valid_i,
  input  logic               answer_last_i,
  input  logic [1:0]         answer_response_i
);
  localparam int unsigned ByteBits = $clog2(BusBits / 8);
  localparam int unsigned Bursts = 16;
  localparam int unsigned CountBits = $clog2(ReadDepth) + 1;

  // ---------------------------------------------------------------- reads
  logic                 ar_take, asks_empty, asks_full, ask_end, due_empty, due_full, due_end;
  logic [39:0]          ask;
  logic [31:0]          due;
  logic [7:0]           asked_q, given_q;
  logic [15:0]          pace_q;
  logic [CountBits-1:0] open_q;
  logic                 data_empty, data_full, give;
  assign ar_ready_o = !due_full;
  assign ar_take = ar_valid_i && ar_ready_o;
  // Requests: the head is asked for beat by beat.
  nba_fifo #(.Width(40), .Depth(Bursts)) u_asks (
    .clk_i, .rst_ni, .push_i(ar_take), .data_i({ar_address_i, ar_length_i}), .pop_i(ask_end),
    .empty_o(asks_empty), .full_o(asks_full), .data_o(ask)
  );
  assign read_valid_o = !asks_empty && open_q != ReadDepth[CountBits-1:0];
  assign read_address_o = ask[39:8] + (32'(asked_q) << ByteBits);
  assign ask_end = read_take_i && asked_q == ask[7:0];
  // Hand-over: not before the head's time, then one beat a frame.
  nba_fifo #(.Width(32), .Depth(Bursts)) u_due (
    .clk_i, .rst_ni, .push_i(ar_take), .data_i({now_i + 24'(read_hold_i) + 24'd1, ar_length_i}), .pop_i(due_end),
    .empty_o(due_empty), .full_o(due_full), .data_o(due)
  );
  nba_fifo #(.Width(BusBits + 2), .Depth(ReadDepth)) u_data (
    .clk_i, .rst_ni, .push_i(beat_valid_i), .data_i({beat_response_i, beat_data_i}), .pop_i(give),
    .empty_o(data_empty), .full_o(data_full), .data_o({r_response_o, r_data_o})
  );
  logic [23:0] read_age, write_age;
  logic        pace_end, read_due;
  assign read_age = now_i - due[31:8];
  assign read_due = !due_empty && !read_age[23];
  assign pace_end = pace_q + 16'd1 >= frame_i;
  assign give = read_due && pace_end && !data_empty;
  assign r_valid_o = give;
  assign r_last_o = given_q == due[7:0];
  assign due_end = give && r_last_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      asked_q <= '0;
      given_q <= '0;
      pace_q <= '0;
      open_q <= '0;
    end else begin
      if (read_take_i) asked_q <= ask_end ? '0 : asked_q + 8'd1;
      if (give) given_q <= due_end ? '0 : given_q + 8'd1;
      if (give) pace_q <= '0;
      else if (read_due && !pace_end) pace_q <= pace_q + 16'd1;
      open_q <= open_q + CountBits'(read_take_i) - CountBits'(give);
    end
  end

  // ---------------------------------------------------------------- writes
  logic               aw_take, bursts_empty, bursts_full, beats_empty, beats_full, w_take, w_end;
  logic [31:0]        burst_address;
  logic [7:0]         written_q;
  logic [15:0]        write_pace_q;
  logic               write_pace_end, answers_empty, answers_full, answer_due_empty, answer_due_full;
  logic [23:0]        answer_due;
  logic [1:0]         response_q, response;
  assign aw_ready_o = !bursts_full;
  assign aw_take = aw_valid_i && aw_ready_o;
  nba_fifo #(.Width(32), .Depth(Bursts)) u_bursts (
    .clk_i, .rst_ni, .push_i(aw_take), .data_i(aw_address_i), .pop_i(w_end),
    .empty_o(bursts_empty), .full_o(bursts_full), .data_o(burst_address)
  );
  assign write_pace_end = write_pace_q + 16'd1 >= frame_i;
  assign w_ready_o = w_valid_i && !bursts_empty && !beats_full && !answer_due_full && write_pace_end;
  assign w_take = w_valid_i && w_ready_o;
  assign w_end = w_take && w_last_i;
  nba_fifo #(.Width(BusBits + 33), .Depth(2)) u_beats (
    .clk_i, .rst_ni, .push_i(w_take), .data_i({w_last_i, burst_address + (32'(written_q) << ByteBits), w_data_i}),
    .pop_i(write_take_i), .empty_o(beats_empty), .full_o(beats_full),
    .data_o({write_last_o, write_address_o, write_data_o})
  );
  assign write_valid_o = !beats_empty;
  nba_fifo #(.Width(24), .Depth(Bursts)) u_answer_due (
    .clk_i, .rst_ni, .push_i(w_end), .data_i(now_i + 24'(write_hold_i)), .pop_i(b_valid_o),
    .empty_o(answer_due_empty), .full_o(answer_due_full), .data_o(answer_due)
  );
  // A burst's answer is the worst of its beats'.
  assign response = response_q | answer_response_i;
  nba_fifo #(.Width(2), .Depth(Bursts)) u_answers (
    .clk_i, .rst_ni, .push_i(answer_valid_i && answer_last_i), .data_i(response), .pop_i(b_valid_o),
    .empty_o(answers_empty), .full_o(answers_full), .data_o(b_response_o)
  );
  assign write_age = now_i - answer_due;
  assign b_valid_o = !answers_empty && !answer_due_empty && !write_age[23];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      written_q <= '0;
      write_pace_q <= '0;
      response_q <= '0;
    end else begin
      if (w_take) written_q <= w_last_i ? '0 : written_q + 8'd1;
      if (w_take) write_pace_q <= '0;
      else if (w_valid_i && !bursts_empty && !write_pace_end) write_pace_q <= write_pace_q + 16'd1;
      if (answer_valid_i) response_q <= answer_last_i ? '0 : response;
    end
  end
  logic unused_flags;
  assign unused_flags = asks_full ^ data_full ^ answers_full ^ (^read_age) ^ (^write_age);
endmodule
