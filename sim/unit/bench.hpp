// What every unit bench shares: a clock, random numbers, a count of checks. The module is Vdut (test/rtl/support/unit.ts).
#pragma once
#include <cinttypes>
#include <cstdint>
#include <cstdio>

#include "Vdut.h"
#include "verilated.h"

// xorshift64*: the same numbers on every machine.
struct Random {
  uint64_t state = 0x9e3779b97f4a7c15ull;
  uint64_t next() {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1dull;
  }
  uint64_t below(uint64_t limit) { return (next() >> 11) % limit; }
  uint64_t bits(int count) { return count == 0 ? 0 : next() >> (64 - count); }
  bool chance(int inEight) { return below(8) < static_cast<uint64_t>(inEight); }
};

struct Checks {
  uint64_t count = 0, wrong = 0;
  void equal(const char* what, uint64_t got, uint64_t want) {
    count++;
    if (got != want && ++wrong <= 5)
      std::printf("%s: got %" PRIx64 ", want %" PRIx64 " (check %" PRIu64 ")\n", what, got, want, count);
  }
  int finish() const {
    std::printf("%" PRIu64 " checks, %" PRIu64 " wrong\n", count, wrong);
    return wrong == 0 ? 0 : 1;
  }
};

// Signed value of the lowest bits.
inline int64_t signedOf(uint64_t raw, int bits) { return static_cast<int64_t>(raw << (64 - bits)) >> (64 - bits); }

// Inputs are set and outputs read while the clock is low.
template <typename Dut>
void tick(Dut& dut) {
  dut.eval();
  dut.clk_i = 1;
  dut.eval();
  dut.clk_i = 0;
  dut.eval();
}

// Takes what stands at a pipeline's inputs through so many registers. `next` then puts something else there, and now
// and then the pipeline stands still for a cycle.
template <typename Dut, typename Next>
void pass(Dut& dut, Random& random, int registers, Next next) {
  dut.enable_i = 1;
  dut.eval();
  for (int k = 0; k < registers; k++) {
    dut.enable_i = 1;
    tick(dut);
    next();
    if (random.chance(2)) {
      dut.enable_i = 0;
      tick(dut);
    }
    dut.eval();
  }
}
