// nba_requantize_tflite against TensorFlow Lite's reference kernels in 128 bits: both roundings, ties, every shift.
#include <algorithm>

#include "bench.hpp"

namespace {

using Wide = __int128;

// SaturatingRoundingDoublingHighMul of a product: division truncates, the nudge has the product's sign.
Wide highMultiply(Wide product) {
  Wide nudge = product >= 0 ? Wide{1} << 30 : 1 - (Wide{1} << 30);
  return (product + nudge) / (Wide{1} << 31);
}
// RoundingDivideByPOT: nearest, ties away from zero.
Wide divide(Wide value, int exponent) {
  Wide magnitude = value < 0 ? -value : value;
  Wide rounded = exponent == 0 ? magnitude : (magnitude + (Wide{1} << (exponent - 1))) >> exponent;
  return value < 0 ? -rounded : rounded;
}

struct Bench {
  Vdut dut;
  Random random;
  Checks checks;
  uint64_t ties = 0, clamped = 0;

  void check(int64_t sum, uint32_t multiplier, int right, bool single) {
    // The sum is shifted left before: 32 bits. The product is never -2^31 * -2^31, so nothing saturates.
    Wide product = static_cast<Wide>(sum) * multiplier;
    int64_t a = signedOf(random.bits(17), 17), b = signedOf(random.bits(17), 17);
    int64_t zero = signedOf(random.bits(9), 17), low = std::min(a, b), high = std::max(a, b);
    if (random.chance(2)) { low = -65536; high = 65535; }
    dut.product_i = static_cast<uint64_t>(product);
    dut.right_i = right;
    dut.single_i = single;
    dut.zero_i = zero & 0x1ffff;
    dut.low_i = low & 0x1ffff;
    dut.high_i = high & 0x1ffff;
    pass(dut, random, Registers, [this] {
      dut.product_i = random.bits(64);
      dut.right_i = random.below(32);
    });
    Wide rounded = single ? (product + (Wide{1} << (30 + right))) >> (31 + right) : divide(highMultiply(product), right);
    Wide value = std::min<Wide>(std::max<Wide>(rounded + zero, low), high);
    clamped += value != rounded + zero;
    checks.equal(single ? "single" : "double", dut.value_o, static_cast<uint64_t>(value) & 0x1ffff);
    checks.equal("rounded_o", dut.rounded_o, static_cast<uint64_t>(rounded) & 0x3ffffffffull);
  }
};

}  // namespace

int main() {
  Bench bench;
  Random& random = bench.random;
  for (int right = 0; right <= 31; right++)
    for (int k = 0; k < 4000; k++) {
      int64_t sum = signedOf(random.bits(32), 32) >> random.below(31);
      uint32_t multiplier = random.bits(31) | 1u << 30;
      bench.check(sum, multiplier, right, random.chance(4));
      // A multiplier of one half turns odd sums into ties of the first rounding, and then of the second.
      int64_t tie = (2 * (signedOf(random.bits(20), 20) >> random.below(19)) + 1) << random.below(std::min(right, 10) + 1);
      bench.check(tie, 1u << 30, right, random.chance(4));
      bench.ties += tie % 2 != 0;
    }
  for (int64_t sum : {INT64_C(-2147483648), INT64_C(2147483647), INT64_C(-1), INT64_C(0), INT64_C(1)})
    for (uint32_t multiplier : {0u, 1u, 1u << 30, (1u << 31) - 1})
      for (int right : {0, 1, 30, 31})
        for (bool single : {false, true}) bench.check(sum, multiplier, right, single);
  bench.checks.equal("ties and bounds were met", bench.ties > 10000 && bench.clamped > 10000, 1);
  return bench.checks.finish();
}
