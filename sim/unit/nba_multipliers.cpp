// nba_multipliers over every value of its operands: products one cycle after activations and weights, all exact.
// The array is the smallest that holds a whole block. Rows, Outputs, Depthwise, SlotBits and WeightBits are macros.
#include "bench.hpp"

namespace {

constexpr int kLanes = Depthwise ? Outputs : 1;
constexpr int kActivationBits = Rows * kLanes * SlotBits;
constexpr int kWeightBits = Outputs * WeightBits;
constexpr int kProductBits = SlotBits + WeightBits + (ProductsPerDsp > 1 ? 0 : 1);

uint64_t field(uint64_t word, int index, int bits) { return (word >> (index * bits)) & ((1ull << bits) - 1); }

}  // namespace

int main() {
  Vdut dut;
  Checks checks;
  for (int isSigned = 0; isSigned < 2; isSigned++)
    for (uint64_t activations = 0; activations < 1ull << kActivationBits; activations++)
      for (uint64_t weights = 0; weights < 1ull << kWeightBits; weights++) {
        dut.signed_i = isSigned;
        dut.activation_i = activations;
        dut.weight_i = weights;
        tick(dut);
        uint64_t want = 0;
        for (int p = 0; p < Rows; p++)
          for (int m = 0; m < Outputs; m++) {
            uint64_t raw = field(activations, p * kLanes + (Depthwise ? m : 0), SlotBits);
            int64_t activation = isSigned ? signedOf(raw, SlotBits) : static_cast<int64_t>(raw);
            int64_t weight = signedOf(field(weights, m, WeightBits), WeightBits);
            uint64_t product = static_cast<uint64_t>(activation * weight) & ((1ull << kProductBits) - 1);
            want |= product << ((p * Outputs + m) * kProductBits);
          }
        checks.equal("product_o", dut.product_o, want);
      }
  return checks.finish();
}
