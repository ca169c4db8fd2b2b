// nba_semaphore against four counts: halves that are free, being filled, full and in use. Only legal events.
#include "bench.hpp"

int main() {
  Vdut dut;
  Random random;
  Checks checks;
  dut.clk_i = dut.rst_ni = dut.init_i = dut.fill_i = dut.filled_i = dut.use_i = dut.release_i = 0;
  tick(dut);
  dut.rst_ni = 1;
  checks.equal("no half is free after reset", dut.free_o, 0);
  uint64_t simultaneous = 0;
  for (int layer = 0; layer < 400; layer++) {
    int depth = 1 + static_cast<int>(random.below(2));
    int free = depth, filling = 0, full = 0, used = 0;
    bool fillHalf = false, useHalf = false;
    dut.init_i = 1;
    dut.depth_i = depth;
    dut.fill_i = dut.filled_i = dut.use_i = dut.release_i = 0;
    tick(dut);
    dut.init_i = 0;
    dut.depth_i = random.bits(2);  // only init_i may look at it
    for (int cycle = 0; cycle < 60; cycle++) {
      dut.fill_i = free > 0 && random.chance(4);
      dut.filled_i = filling > 0 && random.chance(4);
      dut.use_i = full > 0 && random.chance(4);
      dut.release_i = used > 0 && random.chance(4);
      dut.eval();
      checks.equal("free_o", dut.free_o, free > 0);
      checks.equal("full_o", dut.full_o, full > 0);
      checks.equal("half_fill_o", dut.half_fill_o, fillHalf);
      checks.equal("half_use_o", dut.half_use_o, useHalf);
      simultaneous += (dut.fill_i && dut.release_i) + (dut.use_i && dut.filled_i);
      free += dut.release_i - dut.fill_i;
      filling += dut.fill_i - dut.filled_i;
      full += dut.filled_i - dut.use_i;
      used += dut.use_i - dut.release_i;
      fillHalf ^= dut.filled_i;
      useHalf ^= dut.release_i;
      tick(dut);
    }
  }
  checks.equal("events met in one cycle", simultaneous > 500, 1);
  return checks.finish();
}
