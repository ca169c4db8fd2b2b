// The store and write processes: requantize sums, add a second operand where the layer asks, pack beats, write them.
#pragma once

#include <hls_stream.h>

#include "nba_arithmetic.hpp"
#include "nba_array.hpp"
#include "nba_read.hpp"
#include "nba_shape.hpp"
#include "nba_words.hpp"

namespace nba {

template <class Shape>
struct StoreBuffers {
  Beat<Shape> records[Geometry<Shape>::ParameterSubs][Shape::ParameterWords];
  Beat<Shape> operand[Shape::OperandWords];
};

// One lane's product and rounding. Half-up record: bias 32, multiplier 16, shift 6, spare 1; TensorFlow Lite: bias 32,
// multiplier 32, left shift 8, right shift 8, spare 1.
template <bool Tflite>
struct Requantizer {
  template <int BusBits, int Subs>
  static Value value(Sum sum, const ap_uint<BusBits> (&record)[Subs], int offset, bool, const Clamp& to) {
#pragma HLS INLINE
    const ap_int<17> multiplier = field<16>(record, offset + 32);
    const ap_int<49> product = sum * multiplier;
#pragma HLS BIND_OP variable=product op=mul impl=dsp
    return half_up<49>(product, field<6>(record, offset + 48).to_int(), to);
  }
  static constexpr int SpareOffset = 54;
};
template <>
struct Requantizer<true> {
  template <int BusBits, int Subs>
  static Value value(Sum sum, const ap_uint<BusBits> (&record)[Subs], int offset, bool single, const Clamp& to) {
#pragma HLS INLINE
    const Sum shifted = sum << field<5>(record, offset + 64).to_int();
    const ap_int<64> product = scale_q31(shifted, field<32>(record, offset + 32));
    return clamp<34>(rescale_tflite(product, field<5>(record, offset + 72).to_int(), single), to);
  }
  static constexpr int SpareOffset = 80;
};

// Lane k of step `part` of an operand beat, in slots of 2^(s+1) bits.
template <class Shape>
Value operand_lane(const Layer& layer, Beat<Shape> beat, int part, int k) {
#pragma HLS INLINE
  Value value = 0;
  for (int s = 0; s < 4; s++) {
#pragma HLS UNROLL
    const int slot_bits = 2 << s;
    if (((Shape::OperandSlots >> s) & 1) == 0 || layer.operand_slot != s) continue;
    const int raw = ((beat >> ((part * Shape::Requantizers + k) * slot_bits)) & ((1 << slot_bits) - 1)).to_int();
    value = layer.operand_signed && ((raw >> (slot_bits - 1)) & 1) != 0 ? raw - (1 << slot_bits) : raw;
  }
  return value;
}

// A beat with one more step's values on top; after the last step the first is lowest.
template <class Shape>
Beat<Shape> pack(const Layer& layer, Beat<Shape> beat, const Value (&values)[Shape::Requantizers]) {
#pragma HLS INLINE
  Beat<Shape> next = 0;
  for (int s = 0; s < 4; s++) {
#pragma HLS UNROLL
    const int slot_bits = 2 << s, step_bits = Shape::Requantizers * slot_bits;
    if (((Shape::OutputSlots >> s) & 1) == 0 || layer.output_slot != s || step_bits > Shape::BusBits) continue;
    if (step_bits < Shape::BusBits) next = beat >> step_bits;
    for (int k = 0; k < Shape::Requantizers; k++) {
#pragma HLS UNROLL
      const Beat<Shape> slot = values[k].to_int() & ((1 << slot_bits) - 1);
      next |= slot << (Shape::BusBits - step_bits + k * slot_bits);
    }
  }
  return next;
}

// Requantizer steps in one operand beat.
template <class Shape>
int parts_of_operand(const Layer& layer) {
  return Shape::BusBits / (2 << layer.operand_slot) / Shape::Requantizers;
}

template <class Shape>
void requantize_tile(const Layer& layer, const StoreStep& step, const StoreBuffers<Shape>& buffers,
                     hls::stream<Sums<Shape>>& sums, hls::stream<Beat<Shape>>& beats) {
  using G = Geometry<Shape>;
  const Clamp product_clamp = {layer.product_zero, layer.product_low, layer.product_high};
  const Clamp add_clamp = {layer.add_zero, layer.add_low, layer.add_high};
  const int parts = Shape::HasAdd ? parts_of_operand<Shape>(layer) : 1;
  int record_base = 0, part_base = 0, from_base = 0, block_base = 0;
  for (int block = 0; block < step.blocks; block++) {
    int record = record_base, part = part_base, from = from_base, from_block = block_base;
    for (int pixel = 0; pixel < step.rows * step.columns; pixel++) {
      record = record_base;
      part = part_base;
      from = from_base;
      from_block = block_base;
      Beat<Shape> beat = 0;
      for (int piece = 0; piece < layer.pieces; piece++) {
#pragma HLS PIPELINE II=1
        Beat<Shape> words[G::ParameterSubs];
#pragma HLS ARRAY_PARTITION variable=words dim=0 complete
        for (int k = 0; k < G::ParameterSubs; k++) {
#pragma HLS UNROLL
          words[k] = buffers.records[k][record & (Shape::ParameterWords - 1)];
        }
        const Sums<Shape> sum = sums.read();
        Value values[Shape::Requantizers];
#pragma HLS ARRAY_PARTITION variable=values dim=0 complete
        for (int k = 0; k < Shape::Requantizers; k++) {
#pragma HLS UNROLL
          const int offset = k * G::RecordBits;
          const Sum biased = sum.lane[k] + Sum(field<32>(words, offset));
          const bool spare = field<1>(words, offset + Requantizer<Shape::Tflite != 0>::SpareOffset) != 0;
          values[k] = Requantizer<Shape::Tflite != 0>::value(biased, words, offset, layer.single, product_clamp);
          if (spare) values[k] = layer.spare_value;
        }
        if (Shape::HasAdd && layer.add) {
          const Beat<Shape> other = buffers.operand[(from + pixel) & (Shape::OperandWords - 1)];
          for (int k = 0; k < Shape::Requantizers; k++) {
#pragma HLS UNROLL
            // Lanes beyond the tensor hold its zero point, so that nothing is added there.
            const Value right = from_block >= step.operand_blocks ? Value(layer.add_right_zero)
                                                                  : operand_lane<Shape>(layer, other, part, k);
            values[k] = Shape::Tflite
                            ? add_tflite(values[k], right, layer.add_left_zero, layer.add_right_zero,
                                         layer.add_multipliers, layer.add_right_multiplier,
                                         layer.add_output_multiplier, layer.add_shift, add_clamp)
                            : add_half_up(values[k], right, layer.add_left_zero, layer.add_right_zero,
                                          layer.add_multipliers, layer.add_shift.range(5, 0).to_int(), add_clamp);
          }
        }
        beat = pack<Shape>(layer, beat, values);
        if (piece + 1 == layer.pieces) beats.write(beat);
        record++;
        part = part + 1 == parts ? 0 : part + 1;
        if (part == 0) {
          from += layer.operand_pitch;
          from_block++;
        }
      }
    }
    record_base = record;
    part_base = part;
    from_base = from;
    block_base = from_block;
  }
}

// One output tile; returns whether the layer goes on.
template <class Shape>
bool store_step(const Layer& layer, hls::stream<StoreStep>& steps, hls::stream<Beat<Shape>>& constants,
                hls::stream<Sums<Shape>>& sums, hls::stream<Beat<Shape>>& beats) {
  static StoreBuffers<Shape> buffers;
#pragma HLS ARRAY_PARTITION variable=buffers.records dim=1 complete
#pragma HLS BIND_STORAGE variable=buffers.records type=ram_s2p impl=lutram
#pragma HLS BIND_STORAGE variable=buffers.operand type=ram_s2p impl=bram
  const StoreStep step = steps.read();
  int sub = 0, address = 0;
  for (int k = 0; k < step.parameter_beats; k++) {
#pragma HLS PIPELINE II=1
    buffers.records[sub][address & (Shape::ParameterWords - 1)] = constants.read();
    sub = sub + 1 == Geometry<Shape>::ParameterSubs ? 0 : sub + 1;
    if (sub == 0) address++;
  }
  if (Shape::HasAdd && layer.add) {
    for (int block = 0; block < step.operand_blocks; block++) {
      for (int pixel = 0; pixel < step.rows * step.columns; pixel++) {
#pragma HLS PIPELINE II=1
        buffers.operand[(block * layer.operand_pitch + pixel) & (Shape::OperandWords - 1)] = constants.read();
      }
    }
  }
  requantize_tile<Shape>(layer, step, buffers, sums, beats);
  return !step.layer_last;
}

// One output tile's beats to memory; returns whether the layer goes on.
template <class Shape>
bool write_step(Beat<Shape>* sink, Beat<Shape> chip[Geometry<Shape>::ChipSize], const Layer& layer,
                hls::stream<Runs>& runs, hls::stream<Beat<Shape>>& beats) {
  const Runs run = runs.read();
  unsigned outer_address = run.address;
  for (int outer = 0; outer < run.outer; outer++) {
    unsigned address = outer_address;
    for (int inner = 0; inner < run.inner; inner++) {
      for (int k = 0; k < run.length; k++) {
#pragma HLS PIPELINE II=1
        const Beat<Shape> beat = beats.read();
        if (Shape::ChipWords > 0 && layer.chip_output) chip[(address + k) & (Geometry<Shape>::ChipSize - 1)] = beat;
        else sink[address + k] = beat;
      }
      address += run.inner_stride;
    }
    outer_address += run.outer_stride;
  }
  return !run.layer_last;
}

}  // namespace nba
