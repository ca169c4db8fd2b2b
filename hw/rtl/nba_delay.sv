// Cycles registers in a row, which stand still while enable_i is low. Cycles = 0 is a wire.
module nba_delay #(
  parameter int unsigned Width = 8,
  parameter int unsigned Cycles = 1
) (
  input  logic             clk_i,
  input  logic             enable_i,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);
  generate
    if (Cycles == 0) begin : gen_wire
      logic unused_control;
      assign unused_control = clk_i ^ enable_i;
      assign data_o = data_i;
    end else begin : gen_registers
      logic [Cycles*Width-1:0] data_q;
      always_ff @(posedge clk_i) begin
        if (enable_i)
          for (int unsigned c = 0; c < Cycles; c++)
            data_q[c*Width +: Width] <= c == 0 ? data_i : data_q[(c == 0 ? 0 : c-1)*Width +: Width];
      end
      assign data_o = data_q[(Cycles-1)*Width +: Width];
    end
  endgenerate
endmodule
