// nba_fifo against std::deque: random pushes and pops, phases in which it fills up and runs dry.
#include <deque>

#include "bench.hpp"

int main() {
  constexpr size_t kDepth = 8;
  Vdut dut;
  Random random;
  Checks checks;
  std::deque<uint64_t> model;
  uint64_t fulls = 0;
  dut.clk_i = dut.push_i = dut.pop_i = dut.rst_ni = 0;
  tick(dut);
  dut.rst_ni = 1;
  for (int cycle = 0; cycle < 20000; cycle++) {
    int pushes = cycle / 100 % 2 ? 6 : 2;
    dut.push_i = model.size() < kDepth && random.chance(pushes);
    dut.pop_i = !model.empty() && random.chance(8 - pushes);
    dut.data_i = random.bits(13);
    dut.eval();
    checks.equal("empty_o", dut.empty_o, model.empty());
    checks.equal("full_o", dut.full_o, model.size() == kDepth);
    if (!model.empty()) checks.equal("data_o", dut.data_o, model.front());
    fulls += model.size() == kDepth;
    if (dut.pop_i) model.pop_front();
    if (dut.push_i) model.push_back(dut.data_i);
    tick(dut);
  }
  checks.equal("was full at times", fulls > 100, 1);
  return checks.finish();
}
