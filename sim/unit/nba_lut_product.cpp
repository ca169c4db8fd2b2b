// nba_lut_product over random factors and all extremes, exact. LeftBits and RightBits are macros.
#include "bench.hpp"

int main() {
  Vdut dut;
  Checks checks;
  Random random;
  auto check = [&](int64_t left, int64_t right) {
    const uint64_t mask = ~0ull >> (64 - LeftBits - RightBits);
    dut.left_i = static_cast<uint64_t>(left) & (~0ull >> (64 - LeftBits));
    dut.right_i = static_cast<uint64_t>(right) & (~0ull >> (64 - RightBits));
    dut.eval();
    checks.equal("product_o", dut.product_o, static_cast<uint64_t>(left * right) & mask);
  };
  auto extremes = [](int bits, int k) {
    const int64_t highest = (INT64_C(1) << (bits - 1)) - 1;
    const int64_t values[] = {-highest - 1, -highest, -1, 0, 1, highest};
    return values[k];
  };
  for (int i = 0; i < 6; i++)
    for (int k = 0; k < 6; k++) check(extremes(LeftBits, i), extremes(RightBits, k));
  for (int i = 0; i < 100000; i++)
    check(signedOf(random.bits(LeftBits), LeftBits), signedOf(random.bits(RightBits), RightBits));
  return checks.finish();
}
