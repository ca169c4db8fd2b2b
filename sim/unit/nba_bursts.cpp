// nba_bursts against three loops: addresses, lengths and order of bursts, under random back-pressure.
#include <algorithm>
#include <deque>

#include "bench.hpp"

struct Burst { uint32_t address, beats; };

int main() {
  constexpr uint32_t kPageBeats = 4096 * 8 / BusBits;
  Vdut dut;
  Random random;
  Checks checks;
  uint64_t pageCuts = 0, longCuts = 0;
  dut.clk_i = dut.rst_ni = dut.load_i = dut.ok_i = 0;
  tick(dut);
  dut.rst_ni = 1;
  for (int run = 0; run < 3000; run++) {
    dut.load_i = 1;
    dut.address_i = random.bits(29);
    dut.outer_i = 1 + random.below(4);
    dut.inner_i = 1 + random.below(5);
    dut.length_i = 1 + random.below(random.chance(4) ? 20 : 1300);
    dut.outer_stride_i = random.bits(14);
    dut.inner_stride_i = random.bits(10);
    dut.step_i = random.chance(3) ? 2 + random.below(3) : 1;
    uint32_t step = dut.step_i;
    std::deque<Burst> expected;
    for (uint32_t outer = 0; outer < dut.outer_i; outer++)
      for (uint32_t inner = 0; inner < dut.inner_i; inner++) {
        uint32_t address = dut.address_i + outer * dut.outer_stride_i + inner * dut.inner_stride_i;
        for (uint32_t left = dut.length_i; left > 0;) {
          uint32_t room = kPageBeats - address % kPageBeats;
          uint32_t beats = step > 1 ? 1 : std::min({left, room, 256u});
          pageCuts += step == 1 && beats == room && beats < left;
          longCuts += beats == 256 && beats < room;
          expected.push_back({address, beats});
          address += beats * step;
          left -= beats;
        }
      }
    dut.ok_i = 0;
    tick(dut);
    // Nothing but its own registers holds the geometry from here.
    dut.load_i = 0;
    dut.address_i = random.bits(32);
    dut.outer_i = random.bits(20);
    dut.inner_i = random.bits(20);
    dut.length_i = random.bits(11);
    dut.outer_stride_i = random.bits(14);
    dut.inner_stride_i = random.bits(10);
    dut.step_i = random.bits(3);
    // Held until taken, one a cycle while ok_i, nothing after the last.
    while (!expected.empty()) {
      dut.ok_i = random.chance(5);
      dut.eval();
      checks.equal("valid_o", dut.valid_o, 1);
      checks.equal("address_o", dut.address_o, expected.front().address);
      checks.equal("length_o", dut.length_o, expected.front().beats - 1);
      if (dut.ok_i) expected.pop_front();
      tick(dut);
    }
    dut.ok_i = random.chance(4);
    dut.eval();
    checks.equal("valid_o after the last", dut.valid_o, 0);
  }
  checks.equal("runs met page ends and 256 beats", pageCuts > 500 && longCuts > 500, 1);
  return checks.finish();
}
