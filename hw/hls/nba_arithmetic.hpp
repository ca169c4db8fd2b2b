// The two requantization forms, bit for bit those of hw/rtl/nba_requantize.sv and nba_requantize_tflite.sv.
#pragma once

#include <ap_int.h>

namespace nba {

// Values before they are packed into slots of at most 16 bits.
using Value = ap_int<17>;
using Sum = ap_int<32>;

struct Clamp {
  int zero, low, high;
};

template <int Bits>
Value clamp(ap_int<Bits> rounded, const Clamp& to) {
#pragma HLS INLINE
  const ap_int<Bits + 1> biased = rounded + ap_int<Bits>(to.zero);
  if (biased < to.low) return to.low;
  if (biased > to.high) return to.high;
  return biased;
}

// ((product + 2^(shift-1)) >> shift) + zero, clamped; shift is 1..47. One shifter and no wide constant.
template <int Bits>
Value half_up(ap_int<Bits> product, int shift, const Clamp& to) {
#pragma HLS INLINE
  const ap_int<Bits + 1> shifted = product >> (shift - 1);
  const ap_int<Bits + 1> rounded = (shifted + 1) >> 1;
  return clamp<Bits + 1>(rounded, to);
}

// TensorFlow Lite's reference arithmetic on a product with a Q31 multiplier; right is 0..31. Double: half up at bit
// 31, then a division by 2^right with ties away from zero. Single: half up at bit 31 + right.
inline ap_int<34> rescale_tflite(ap_int<64> product, int right, bool single) {
#pragma HLS INLINE
  if (single) return ((product >> (right + 30)) + 1) >> 1;
  const ap_int<34> high = ((product >> 30) + 1) >> 1;
  const ap_uint<32> mask = ~(~ap_uint<32>(0) << right);
  const ap_uint<32> remainder = ap_uint<32>(high) & mask;
  const ap_uint<32> threshold = (mask >> 1) + ap_uint<1>(high < 0);
  return (high >> right) + ap_uint<1>(remainder > threshold);
}

// A 32-bit operand times a Q31 multiplier that is not negative.
inline ap_int<64> scale_q31(ap_int<32> operand, ap_uint<32> multiplier) {
#pragma HLS INLINE
  const ap_int<64> product = ap_int<64>(operand) * ap_int<64>(multiplier);
#pragma HLS BIND_OP variable=product op=mul impl=dsp
  return product;
}

// Half-up add: both operands in one scale, then rounded once.
inline Value add_half_up(Value left, Value right, int left_zero, int right_zero, ap_uint<32> multipliers, int shift,
                         const Clamp& to) {
#pragma HLS INLINE
  const ap_int<18> left_delta = left - Value(left_zero), right_delta = right - Value(right_zero);
  const ap_int<17> left_multiplier = multipliers.range(15, 0), right_multiplier = multipliers.range(31, 16);
  const ap_int<36> left_product = left_delta * left_multiplier;
#pragma HLS BIND_OP variable=left_product op=mul impl=dsp
  const ap_int<36> right_product = right_delta * right_multiplier;
#pragma HLS BIND_OP variable=right_product op=mul impl=dsp
  const ap_int<36> sum = left_product + right_product;
  return half_up<36>(sum, shift, to);
}

// TensorFlow Lite's add: each operand << 20, scaled and rounded; their sum scaled and rounded.
inline Value add_tflite(Value left, Value right, int left_zero, int right_zero, ap_uint<32> left_multiplier,
                        ap_uint<32> right_multiplier, ap_uint<32> output_multiplier, ap_uint<32> shifts,
                        const Clamp& to) {
#pragma HLS INLINE
  const ap_int<38> left_delta = ap_int<38>(left - Value(left_zero)) << 20;
  const ap_int<38> right_delta = ap_int<38>(right - Value(right_zero)) << 20;
  const ap_int<64> left_product = ap_int<64>(left_delta) * ap_int<64>(left_multiplier);
#pragma HLS BIND_OP variable=left_product op=mul impl=dsp
  const ap_int<64> right_product = ap_int<64>(right_delta) * ap_int<64>(right_multiplier);
#pragma HLS BIND_OP variable=right_product op=mul impl=dsp
  const ap_int<32> sum = rescale_tflite(left_product, shifts.range(4, 0).to_int(), false) +
                         rescale_tflite(right_product, shifts.range(12, 8).to_int(), false);
  return clamp<34>(rescale_tflite(scale_q31(sum, output_multiplier), shifts.range(20, 16).to_int(), false), to);
}

}  // namespace nba
