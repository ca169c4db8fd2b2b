// nba_requantize against its definition in 128 bits: random values, exact ties, saturation, every shift.
#include <algorithm>

#include "bench.hpp"

namespace {

constexpr int kProductBits = ProductBits;

struct Bench {
  Vdut dut;
  Random random;
  Checks checks;
  uint64_t ties = 0, low = 0, high = 0;

  void check(int64_t product, int shift, int64_t zero, int64_t from, int64_t to) {
    dut.product_i = static_cast<uint64_t>(product) & ((1ull << kProductBits) - 1);
    dut.shift_i = shift;
    dut.zero_i = zero & 0x1ffff;
    dut.low_i = from & 0x1ffff;
    dut.high_i = to & 0x1ffff;
    pass(dut, random, Registers, [this] {
      dut.product_i = random.bits(kProductBits);
      dut.shift_i = 1 + random.below(47);
    });
    // y = clamp(((product + 2^(shift-1)) >> shift) + zero, low, high)
    __int128 rounded = (static_cast<__int128>(product) + (static_cast<__int128>(1) << (shift - 1))) >> shift;
    __int128 value = rounded + zero;
    low += value < from;
    high += value > to;
    value = std::min<__int128>(std::max<__int128>(value, from), to);
    checks.equal("value_o", dut.value_o, static_cast<uint64_t>(value) & 0x1ffff);
  }
};

}  // namespace

int main() {
  Bench bench;
  Random& random = bench.random;
  const int64_t most = (1ll << (kProductBits - 1)) - 1;
  for (int shift = 1; shift <= 47; shift++)
    for (int k = 0; k < 4000; k++) {
      int64_t a = signedOf(random.bits(17), 17), b = signedOf(random.bits(17), 17);
      int64_t zero = signedOf(random.bits(1 + random.below(17)), 17);
      bool whole = random.chance(3);
      int64_t from = whole ? -65536 : std::min(a, b), to = whole ? 65535 : std::max(a, b);
      // Magnitudes of all sizes, so that small shifts do not only saturate.
      int64_t product = signedOf(random.bits(kProductBits), kProductBits) >> random.below(48);
      bench.check(product, shift, zero, from, to);
      // (2k + 1) * 2^(shift-1) lies exactly between two results.
      int64_t tie = (2 * (signedOf(random.bits(17), 17) >> random.below(16)) + 1) << (shift - 1);
      if (tie <= most && tie >= -most - 1) {
        bench.check(tie, shift, zero, from, to);
        bench.check(tie - 1, shift, zero, from, to);
        bench.ties++;
      }
    }
  for (int shift : {1, 2, 46, 47})
    for (int64_t product : {most, -most - 1, most - 1, -most, int64_t{0}, int64_t{-1}, int64_t{1}})
      for (int64_t zero : {-65536, -1, 0, 1, 65535}) bench.check(product, shift, zero, -65536, 65535);
  bench.checks.equal("ties and both bounds were met", bench.ties > 50000 && bench.low > 10000 && bench.high > 10000, 1);
  return bench.checks.finish();
}
