// nba_read as an AXI4 master: an address is held until it is taken, bursts stay within 4 KiB and 256 beats, no more of
// them are open than allowed. Counted (commands of up to 2 x 2 runs): every beat asked for is awaited, none beside.
//
// The memory answers in order what it was asked for, when it likes.
module formal_nba_read #(
  parameter bit Counted = 1'b0
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic [1:0]  kind_i,
  input logic [31:0] address_i,
  input logic        ar_ready_i,
  input logic        r_valid_i,
  input logic        r_last_i
);
  (* anyconst *) logic [19:0] outer;
  (* anyconst *) logic [19:0] inner;
  (* anyconst *) logic [31:0] length;
  (* anyconst *) logic [31:0] outer_stride;
  (* anyconst *) logic [31:0] inner_stride;
  (* anyconst *) logic [2:0]  step;
  (* anyconst *) logic [4:0]  most;
  logic        busy, done, error, ar_valid, held_q, we;
  logic [31:0] ar_address, address_q;
  logic [7:0]  ar_length, length_q, bank, column;
  logic [1:0]  kind;
  logic [15:0] waddr;
  logic [63:0] wdata;
  // Connected to the module's own registers after flattening.
  logic [4:0]  open_q;
  logic [31:0] run_q;
  logic        burst_q;

  nba_read #(.BusBits(64), .Rows(2)) u_read (
    .clk_i, .rst_ni, .start_i, .kind_i, .address_i, .outer_i(outer), .inner_i(inner), .length_i(length),
    .outer_stride_i(outer_stride), .inner_stride_i(inner_stride), .step_i(step), .blocks_i(outer[11:0]), .rows_i(inner[11:0]),
    .columns_i(length), .bank_i(8'd0), .phase_i(3'd0), .offset_i(16'd0), .stride_i(3'd1), .row_pitch_i(16'd4),
    .group_pitch_i(16'd4), .block_pitch_i(16'd8), .outstanding_i(most), .busy_o(busy), .done_o(done),
    .error_o(error), .kind_o(kind), .ar_valid_o(ar_valid), .ar_ready_i, .ar_address_o(ar_address),
    .ar_length_o(ar_length), .r_valid_i, .r_last_i, .r_response_i(2'b00), .r_data_i(64'd0), .we_o(we),
    .bank_o(bank), .column_o(column), .waddr_o(waddr), .wdata_o(wdata)
  );

  // The memory's bursts: their lengths in order, and the beats given of the first.
  logic       taken, none, full;
  logic [7:0] first, given_q;
  assign taken = ar_valid && ar_ready_i;
  nba_fifo #(.Width(8), .Depth(16)) u_asked (
    .clk_i, .rst_ni, .push_i(taken), .data_i(ar_length), .pop_i(r_valid_i && r_last_i), .empty_o(none),
    .full_o(full), .data_o(first)
  );
  // Connected to the queue's pointers after flattening.
  logic [4:0] asked_write_q, asked_read_q, bursts;
  assign bursts = asked_write_q - asked_read_q;

  initial assume (!rst_ni);
  always_comb begin
    assume (most >= 5'd1 && most <= 5'd16);
    assume (step != 3'd0);
    assume (length != 32'd0 && !length[31] && outer != 20'd0 && inner != 20'd0);
    if (Counted) begin
      // Small sums: where runs lie does not matter to how many beats they have, where pages end does.
      assume (length <= 32'd2 && outer <= 20'd2 && inner <= 20'd2 && address_i[31:10] == 22'd0);
      assume (outer_stride == 32'd70 && inner_stride == 32'd5);
    end
    if (start_i) assume (!busy && rst_ni);
    if (r_valid_i) assume (!none && r_last_i == (given_q == first));
    // Proven where Counted: what is open belongs to the command at work.
    if (!Counted && (!none || burst_q)) assume (busy);
  end

  logic [3:0] total, asked_q, written_q;
  assign total = (inner == 20'd2 ? {length[2:0], 1'b0} : {1'b0, length[2:0]}) << (outer == 20'd2);
  always_ff @(posedge clk_i) begin
    held_q <= rst_ni && ar_valid && !ar_ready_i;
    address_q <= ar_address;
    length_q <= ar_length;
    if (!rst_ni) begin
      given_q <= '0;
      asked_q <= '0;
      written_q <= '0;
    end else begin
      if (r_valid_i) given_q <= r_last_i ? '0 : given_q + 8'd1;
      if (start_i) begin
        asked_q <= '0;
        written_q <= '0;
      end else begin
        if (taken) asked_q <= asked_q + ar_length[3:0] + 4'd1;
        if (we) written_q <= written_q + 4'd1;
      end
      if (held_q) assert (ar_valid && ar_address == address_q && ar_length == length_q);
      if (busy) assert (run_q == length - 32'd1);
      if (ar_valid) begin
        assert (ar_address[2:0] == 3'd0);
        assert ({1'b0, ar_address[11:3]} + {2'b00, ar_length} < 10'd512);
      end
      assert (open_q == bursts && bursts <= most);
      assert (error == 1'b0);
      if (Counted) begin
        assert (busy || (none && !burst_q));
        assert (!busy || asked_q <= total);
        if (done) assert (none && !burst_q && asked_q == total && written_q + 4'd1 == total);
      end
    end
  end
endmodule
