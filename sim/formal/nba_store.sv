// nba_store as an AXI4 master: addresses and data are held until they are taken, bursts stay within 4 KiB and 256
// beats, no data before its address, WLAST ends each burst (its length as the queue proven in nba_fifo.sv gives it), no
// more bursts are open than allowed, and done_o waits for the last answer.
//
// The memory takes addresses and data when it likes and answers what is complete. Values do not matter here.
module formal_nba_store (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic [31:0] address_i,
  input logic [31:0] sum_i,
  input logic [63:0] record_i,
  input logic        aw_ready_i,
  input logic        w_ready_i,
  input logic        b_valid_i
);
  (* anyconst *) logic [19:0] outer;
  (* anyconst *) logic [19:0] inner;
  (* anyconst *) logic [31:0] length;
  (* anyconst *) logic [31:0] outer_stride;
  (* anyconst *) logic [31:0] inner_stride;
  (* anyconst *) logic [4:0]  most;
  logic        busy, done, error, read, aw_valid, w_valid, w_last, aw_held_q, w_held_q, last_q;
  logic [15:0] sum_address, record_address, operand_address;
  logic [31:0] aw_address, address_q, w_data, data_q;
  logic [7:0]  aw_length, length_q;
  // Connected to the module's own registers after flattening.
  logic [4:0]  open_q, lengths_write_q, lengths_read_q, unwritten;
  logic [31:0] run_q;
  logic        burst_q;
  logic [7:0]  beat_q;

  nba_store #(.BusBits(32), .Rows(1), .Outputs(4), .Lanes(4), .OutputSlots(4'b0100)) u_store (
    .clk_i, .rst_ni, .start_i, .address_i, .outer_i(outer), .inner_i(inner), .length_i(length),
    .outer_stride_i(outer_stride), .inner_stride_i(inner_stride), .blocks_i(outer[11:0]), .rows_i(inner[11:0]),
    .columns_i(length[11:0]), .operand_blocks_i(12'd1), .outstanding_i(most), .pieces_i(8'd1), .slot_i(2'd2),
    .zero_i(17'd0), .low_i(17'd0), .high_i(17'd255), .spare_i(17'd0), .sum_column_pitch_i(16'd1),
    .sum_group_pitch_i(16'd4), .add_i(1'b0), .single_i(1'b0), .operand_signed_i(1'b0), .operand_slot_i(2'd2),
    .operand_pitch_i(16'd0), .add_multipliers_i(32'd0), .add_right_multiplier_i(32'd0),
    .add_output_multiplier_i(32'd0), .add_shift_i(32'd0), .add_left_zero_i(17'd0), .add_right_zero_i(17'd0),
    .add_zero_i(17'd0), .add_low_i(17'd0), .add_high_i(17'd0), .busy_o(busy), .done_o(done), .error_o(error),
    .read_o(read), .sum_address_o(sum_address), .sum_data_i({4{sum_i}}), .record_address_o(record_address),
    .record_data_i({4{record_i}}), .operand_address_o(operand_address), .operand_data_i(32'd0),
    .aw_valid_o(aw_valid), .aw_ready_i, .aw_address_o(aw_address), .aw_length_o(aw_length), .w_valid_o(w_valid),
    .w_ready_i, .w_data_o(w_data), .w_last_o(w_last), .b_valid_i, .b_response_i(2'b00)
  );

  // The memory: bursts whose address is taken, and those whose data is complete.
  logic       aw_taken, w_taken;
  logic [7:0] given_q, head;         // head: connected to the queue of lengths
  logic [4:0] addressed_q, complete_q;
  assign aw_taken = aw_valid && aw_ready_i;
  assign w_taken = w_valid && w_ready_i;
  assign unwritten = lengths_write_q - lengths_read_q;

  initial assume (!rst_ni);
  always_comb begin
    assume (most >= 5'd1 && most <= 5'd16);
    assume (length != 32'd0 && !length[31] && outer != 20'd0 && inner != 20'd0);
    if (start_i) assume (!busy && rst_ni);
    if (b_valid_i) assume (complete_q != 5'd0);
  end

  always_ff @(posedge clk_i) begin
    aw_held_q <= rst_ni && aw_valid && !aw_ready_i;
    address_q <= aw_address;
    length_q <= aw_length;
    w_held_q <= rst_ni && w_valid && !w_ready_i;
    data_q <= w_data;
    last_q <= w_last;
    if (!rst_ni) begin
      given_q <= '0;
      addressed_q <= '0;
      complete_q <= '0;
    end else begin
      if (w_taken) given_q <= w_last ? '0 : given_q + 8'd1;
      addressed_q <= addressed_q + {4'd0, aw_taken} - {4'd0, b_valid_i};
      complete_q <= complete_q + {4'd0, w_taken && w_last} - {4'd0, b_valid_i};
      if (aw_held_q) assert (aw_valid && aw_address == address_q && aw_length == length_q);
      if (w_held_q) assert (w_valid && w_data == data_q && w_last == last_q);
      if (busy) assert (run_q == length - 32'd1);
      if (aw_valid) begin
        assert (aw_address[1:0] == 2'd0);
        assert ({1'b0, aw_address[11:2]} + {3'b000, aw_length} < 11'd1024);
      end
      // Data only for bursts whose address was taken before; open are those that wait for data or for an answer.
      assert (unwritten <= 5'd16 && complete_q <= 5'd16);
      assert (open_q == addressed_q && {1'b0, addressed_q} == {1'b0, unwritten} + {1'b0, complete_q});
      assert (addressed_q <= most);
      if (w_valid) assert (unwritten != 5'd0);
      assert (beat_q == given_q);
      if (w_valid) assert (w_last == (given_q == head));
      if (burst_q || open_q != 5'd0) assert (busy);
      if (done) assert (!burst_q && unwritten == 5'd0 && complete_q == 5'd1);
    end
  end
endmodule
