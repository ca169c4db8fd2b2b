// nba_ram against an array: latency one cycle, the output held while re_i is low.
#include "bench.hpp"

int main() {
  constexpr uint64_t kDepth = 32;
  Vdut dut;
  Random random;
  Checks checks;
  uint64_t model[kDepth], expected = 0;
  dut.clk_i = dut.re_i = 0;
  for (uint64_t k = 0; k < kDepth; k++) {
    dut.we_i = 1;
    dut.waddr_i = k;
    dut.wdata_i = model[k] = random.bits(40);
    tick(dut);
  }
  bool known = false;
  for (int cycle = 0; cycle < 20000; cycle++) {
    dut.we_i = random.chance(4);
    dut.waddr_i = random.below(kDepth);
    dut.wdata_i = random.bits(40);
    dut.re_i = random.chance(5);
    dut.raddr_i = random.below(kDepth);
    // The schedule never reads and writes one address in the same cycle (no_rw_check).
    if (dut.we_i && dut.raddr_i == dut.waddr_i) dut.raddr_i = (dut.waddr_i + 1) % kDepth;
    if (dut.re_i) expected = model[dut.raddr_i];
    known = known || dut.re_i;
    if (dut.we_i) model[dut.waddr_i] = dut.wdata_i;
    tick(dut);
    if (known) checks.equal("rdata_o", dut.rdata_o, expected);
  }
  return checks.finish();
}
