// A chunk's shape: the constants of the generated struct (its names are nba_chunk's parameters) and what follows.
#pragma once

#include <ap_int.h>

namespace nba {

template <class Shape>
using Beat = ap_uint<Shape::BusBits>;

constexpr int power_of_two_to(int limit) { return limit < 2 ? 1 : 2 * power_of_two_to(limit / 2); }
constexpr int at_least_one(int value) { return value < 1 ? 1 : value; }
constexpr bool is_power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

template <class Shape>
struct Geometry {
  static constexpr int InputLanes = Shape::BusBits / Shape::SlotBits;
  static constexpr int WeightLanes = Shape::Depthwise ? 1 : Shape::Inputs;
  // Activations of one array row: one per input, or one per output channel.
  static constexpr int ActivationLanes = Shape::Depthwise ? Shape::Outputs : Shape::Inputs;
  // Beats side by side in one input word, or input words in one beat.
  static constexpr int InputSubs = at_least_one(ActivationLanes / InputLanes);
  static constexpr int LaneGroups = at_least_one(InputLanes / ActivationLanes);
  static constexpr int WeightWordBits = Shape::Outputs * WeightLanes * Shape::WeightBits;
  static constexpr int WeightSubs = (WeightWordBits + Shape::BusBits - 1) / Shape::BusBits;
  static constexpr int WeightPack = power_of_two_to(at_least_one(Shape::BusBits / WeightWordBits));
  static constexpr int RecordBits = Shape::Tflite ? 128 : 64;
  static constexpr int ParameterSubs = Shape::Requantizers * RecordBits / Shape::BusBits;
  // Requantizer steps in the outputs of one array word.
  static constexpr int Subs = Shape::Outputs / Shape::Requantizers;
  static constexpr int ProductBits = Shape::SlotBits + 1 + Shape::WeightBits;
  static constexpr int ChipSize = at_least_one(Shape::ChipWords);
  // Most that one step brings: inputs and weights, records and second operands, requantizer steps.
  static constexpr int TileBeats = Shape::Rows * InputSubs * Shape::InputWords + WeightSubs * Shape::WeightWords;
  static constexpr int ConstantBeats = ParameterSubs * Shape::ParameterWords + Shape::OperandWords;
  static constexpr int TileSums = Shape::Rows * Shape::SumWords * Subs;

  static_assert(is_power_of_two(Shape::InputWords) && is_power_of_two(Shape::WeightWords) &&
                    is_power_of_two(Shape::ParameterWords) && is_power_of_two(Shape::SumWords) &&
                    is_power_of_two(Shape::OperandWords),
                "buffers are powers of two, so that addresses wrap as in hardware");
  static_assert(Shape::Outputs % Shape::Requantizers == 0, "requantizer lanes must divide the outputs");
};

// Bits of a word that lies in several beats; fields may straddle two of them.
template <int Bits, int BusBits, int Subs>
ap_uint<Bits> field(const ap_uint<BusBits> (&beats)[Subs], int offset) {
#pragma HLS INLINE
  const int sub = offset / BusBits, from = offset % BusBits;
  ap_uint<Bits> value = beats[sub] >> from;
  if (from + Bits > BusBits && sub + 1 < Subs) value |= ap_uint<Bits>(beats[sub + 1]) << (BusBits - from);
  return value;
}

// Number `index` of the lanes of one width in a word of beats; a lane never straddles two of them.
template <int Bits, int BusBits, int Subs>
ap_uint<Bits> lane(const ap_uint<BusBits> (&beats)[Subs], int index) {
#pragma HLS INLINE
  constexpr int Lanes = BusBits / Bits;
  return beats[index / Lanes] >> (index % Lanes * Bits);
}

}  // namespace nba
