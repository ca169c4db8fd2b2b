// Tokens of one buffer: `free` halves that may be filled, `full` halves that may be used.
//
// init_i sets free to depth_i and full to none. Each event moves a count one cycle later:
// fill_i takes a free half, filled_i makes it full, use_i takes a full half, release_i makes it free.
// half_fill_o / half_use_o name the half being filled and the half in use; they toggle with filled_i and release_i.
module nba_semaphore (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       init_i,
  input  logic [1:0] depth_i,
  input  logic       fill_i,
  input  logic       filled_i,
  input  logic       use_i,
  input  logic       release_i,
  output logic       free_o,
  output logic       full_o,
  output logic       half_fill_o,
  output logic       half_use_o
);
  logic [1:0] free_q, full_q;
  logic half_fill_q, half_use_q;

  assign free_o = free_q != 2'd0;
  assign full_o = full_q != 2'd0;
  assign half_fill_o = half_fill_q;
  assign half_use_o = half_use_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || init_i) begin
      free_q <= rst_ni ? depth_i : 2'd0;
      full_q <= 2'd0;
      half_fill_q <= 1'b0;
      half_use_q <= 1'b0;
    end else begin
      free_q <= free_q - {1'b0, fill_i} + {1'b0, release_i};
      full_q <= full_q - {1'b0, use_i} + {1'b0, filled_i};
      half_fill_q <= half_fill_q ^ filled_i;
      half_use_q <= half_use_q ^ release_i;
      assert (!(fill_i && free_q == 2'd0));
      assert (!(use_i && full_q == 2'd0));
      assert (!(release_i && free_q == 2'd3));
    end
  end
endmodule
