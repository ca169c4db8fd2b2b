// The array process: fills its input banks and weights, runs Rows x Outputs x Inputs products a cycle, and hands the
// sums of a finished output tile to the store in the store's order.
#pragma once

#include <hls_stream.h>

#include "nba_arithmetic.hpp"
#include "nba_read.hpp"
#include "nba_shape.hpp"
#include "nba_words.hpp"

namespace nba {

// Sums of one requantizer step.
template <class Shape>
struct Sums {
  Sum lane[Shape::Requantizers];
};

// One product: from a multiplier block, or from logic alone.
template <bool Fabric>
struct Multiplier {
  template <int A, int B>
  static ap_int<A + B> product(ap_int<A> activation, ap_int<B> weight) {
#pragma HLS INLINE
    const ap_int<A + B> result = activation * weight;
#pragma HLS BIND_OP variable=result op=mul impl=dsp
    return result;
  }
};
template <>
struct Multiplier<true> {
  template <int A, int B>
  static ap_int<A + B> product(ap_int<A> activation, ap_int<B> weight) {
#pragma HLS INLINE
    const ap_int<A + B> result = activation * weight;
#pragma HLS BIND_OP variable=result op=mul impl=fabric
    return result;
  }
};

// Buffers of the array, one half each: the next tile waits in the stream.
template <class Shape>
struct ArrayBuffers {
  using G = Geometry<Shape>;
  Beat<Shape> input[Shape::Rows][G::InputSubs][Shape::InputWords];
  Beat<Shape> weights[G::WeightSubs][Shape::WeightWords];
  Sum sums[Shape::Rows][Shape::Outputs][Shape::SumWords];
};

// Rows land in Rows banks, bank = floor(i / stride) mod Rows, so that Rows output rows read without conflict.
template <class Shape>
void fill_inputs(const Layer& layer, const ArrayStep& step, hls::stream<Beat<Shape>>& tiles,
                 ArrayBuffers<Shape>& buffers) {
  int sub = 0, block_offset = 0;
  for (int block = 0; block < step.fill_blocks; block++) {
    int bank = step.bank, phase = step.phase, row_offset = step.offset;
    for (int row = 0; row < step.fill_rows; row++) {
      for (int column = 0; column < step.fill_columns; column++) {
#pragma HLS PIPELINE II=1
        buffers.input[bank][sub][(block_offset + row_offset + column) & (Shape::InputWords - 1)] = tiles.read();
      }
      if (phase + 1 != layer.row_stride) {
        phase++;
        row_offset += layer.row_pitch;
      } else {
        phase = 0;
        // Back to the first phase's slot; after the last bank the next group of slots begins.
        row_offset += bank + 1 == Shape::Rows ? layer.row_pitch : layer.row_pitch - layer.group_pitch;
        bank = bank + 1 == Shape::Rows ? 0 : bank + 1;
      }
    }
    sub = sub + 1 == Geometry<Shape>::InputSubs ? 0 : sub + 1;
    if (sub == 0) block_offset += layer.block_pitch;
  }
}

template <class Shape>
void fill_weights(const ArrayStep& step, hls::stream<Beat<Shape>>& tiles, ArrayBuffers<Shape>& buffers) {
  int sub = 0, address = 0;
  for (int k = 0; k < step.weight_beats; k++) {
#pragma HLS PIPELINE II=1
    buffers.weights[sub][address & (Shape::WeightWords - 1)] = tiles.read();
    sub = sub + 1 == Geometry<Shape>::WeightSubs ? 0 : sub + 1;
    if (sub == 0) address++;
  }
}

// Loop order: row group, column, output group, input group, kernel row, kernel column; one array word an iteration.
template <class Shape>
void multiply_tile(const Layer& layer, const ArrayStep& step, ArrayBuffers<Shape>& buffers) {
  using G = Geometry<Shape>;
  using Activation = ap_int<Shape::SlotBits + 1>;
  using Weight = ap_int<Shape::WeightBits>;
  int kernel_column = 0, kernel_row = 0, input_group = 0, output_group = 0, column = 0, row_group = 0;
  int lane_group = 0, wrap = 0, phase = 0, kernel_offset = 0, block_offset = 0, column_offset = 0, row_offset = 0;
  int weight = 0, y = step.top, x = step.left, sum_column = 0, sum_row = 0;
  Sum sum[Shape::Rows][Shape::Outputs];
#pragma HLS ARRAY_PARTITION variable=sum dim=0 complete
  const int words =
      step.row_groups * step.columns * step.output_groups * step.input_groups * layer.kernel_rows * layer.kernel_columns;
  for (int word = 0; word < words; word++) {
#pragma HLS PIPELINE II=1
    const bool first_tap = kernel_column == 0 && kernel_row == 0 && input_group == 0;
    const bool kernel_column_end = kernel_column + 1 == layer.kernel_columns;
    const bool kernel_row_end = kernel_column_end && kernel_row + 1 == layer.kernel_rows;
    const bool input_group_end = kernel_row_end && input_group + 1 == step.input_groups;
    const bool output_group_end = input_group_end && output_group + 1 == step.output_groups;
    const bool column_end = output_group_end && column + 1 == step.columns;

    // Banks below wrap = floor(kernel row / stride) mod Rows read one row group further.
    const int address = row_offset + column_offset + block_offset + kernel_offset + kernel_column;
    Beat<Shape> bank_word[Shape::Rows][G::InputSubs];
#pragma HLS ARRAY_PARTITION variable=bank_word dim=0 complete
    for (int b = 0; b < Shape::Rows; b++) {
#pragma HLS UNROLL
      const int at = (b < wrap ? address + layer.group_pitch : address) & (Shape::InputWords - 1);
      for (int k = 0; k < G::InputSubs; k++) {
#pragma HLS UNROLL
        bank_word[b][k] = buffers.input[b][k][at];
      }
    }
    Beat<Shape> weight_word[G::WeightSubs];
#pragma HLS ARRAY_PARTITION variable=weight_word dim=0 complete
    for (int k = 0; k < G::WeightSubs; k++) {
#pragma HLS UNROLL
      weight_word[k] = buffers.weights[k][(weight / G::WeightPack) & (Shape::WeightWords - 1)];
    }
    if (G::WeightPack > 1) weight_word[0] >>= weight % G::WeightPack * G::WeightWordBits;

    Activation activation[Shape::Rows][G::ActivationLanes];
#pragma HLS ARRAY_PARTITION variable=activation dim=0 complete
    const int x_tap = x + kernel_column;
    for (int p = 0; p < Shape::Rows; p++) {
#pragma HLS UNROLL
      const int y_tap = y + kernel_row + p * layer.row_stride;
      const bool padding = y_tap < 0 || y_tap >= layer.height || x_tap < 0 || x_tap >= layer.width;
      const int bank = p + wrap >= Shape::Rows ? p + wrap - Shape::Rows : p + wrap;
      for (int a = 0; a < G::ActivationLanes; a++) {
#pragma HLS UNROLL
        ap_uint<Shape::SlotBits> raw = lane<Shape::SlotBits>(bank_word[bank], lane_group * G::ActivationLanes + a);
        if (padding) raw = layer.input_zero;
        activation[p][a] = layer.input_signed ? Activation(ap_int<Shape::SlotBits>(raw)) : Activation(raw);
      }
    }
    Weight factor[Shape::Outputs][G::WeightLanes];
#pragma HLS ARRAY_PARTITION variable=factor dim=0 complete
    for (int m = 0; m < Shape::Outputs; m++) {
#pragma HLS UNROLL
      for (int n = 0; n < G::WeightLanes; n++) {
#pragma HLS UNROLL
        factor[m][n] = field<Shape::WeightBits>(weight_word, (m * G::WeightLanes + n) * Shape::WeightBits);
      }
    }

    const int sum_address = (sum_row + sum_column + output_group) & (Shape::SumWords - 1);
    for (int p = 0; p < Shape::Rows; p++) {
#pragma HLS UNROLL
      for (int m = 0; m < Shape::Outputs; m++) {
#pragma HLS UNROLL
        Sum addend = 0;
        for (int n = 0; n < G::WeightLanes; n++) {
#pragma HLS UNROLL
          addend += Multiplier<Shape::FabricMultiply != 0>::product(activation[p][Shape::Depthwise ? m : n], factor[m][n]);
        }
        if (Shape::Depthwise && layer.maximum) sum[p][m] = first_tap || addend > sum[p][m] ? addend : sum[p][m];
        else sum[p][m] = first_tap ? addend : Sum(sum[p][m] + addend);
        if (input_group_end) {
          const Sum before = step.first ? Sum(0) : buffers.sums[p][m][sum_address];
          buffers.sums[p][m][sum_address] = before + sum[p][m];
        }
      }
    }

    weight = output_group_end ? 0 : weight + 1;
    kernel_column = kernel_column_end ? 0 : kernel_column + 1;
    if (kernel_column_end) {
      kernel_row = kernel_row_end ? 0 : kernel_row + 1;
      if (kernel_row_end) {
        kernel_offset = phase = wrap = 0;
      } else if (phase + 1 != layer.row_stride) {
        phase++;
        kernel_offset += layer.row_pitch;
      } else {
        phase = 0;
        kernel_offset += wrap + 1 == Shape::Rows ? layer.row_pitch : layer.row_pitch - layer.group_pitch;
        wrap = wrap + 1 == Shape::Rows ? 0 : wrap + 1;
      }
    }
    if (kernel_row_end) {
      input_group = input_group_end ? 0 : input_group + 1;
      lane_group = lane_group + 1 == G::LaneGroups ? 0 : lane_group + 1;
      if (lane_group == 0) block_offset += layer.block_pitch;
    }
    if (input_group_end) {
      output_group = output_group_end ? 0 : output_group + 1;
      // Depthwise walks the input lanes with the output groups.
      if (!Shape::Depthwise || output_group_end) lane_group = block_offset = 0;
    }
    if (output_group_end) {
      column = column_end ? 0 : column + 1;
      column_offset = column_end ? 0 : column_offset + layer.column_stride;
      sum_column = column_end ? 0 : sum_column + layer.sum_column_pitch;
      x = column_end ? step.left : x + layer.column_stride;
    }
    if (column_end) {
      row_group++;
      row_offset += layer.group_pitch;
      sum_row += layer.sum_group_pitch;
      y += Shape::Rows * layer.row_stride;
    }
  }
}

// Sums leave in the store's order: block, row, column, piece.
template <class Shape>
void drain_sums(const Layer& layer, const ArrayStep& step, const ArrayBuffers<Shape>& buffers,
                hls::stream<Sums<Shape>>& out) {
  int group_base = 0, sub_base = 0;
  for (int block = 0; block < step.blocks; block++) {
    int row_offset = 0, row_in_group = 0, next_group = group_base, next_sub = sub_base;
    for (int row = 0; row < step.rows; row++) {
      int column_offset = 0;
      for (int column = 0; column < step.columns; column++) {
        int group = group_base, sub = sub_base;
        for (int piece = 0; piece < layer.pieces; piece++) {
#pragma HLS PIPELINE II=1
          Sums<Shape> sums;
          const int address = (row_offset + column_offset + group) & (Shape::SumWords - 1);
          for (int k = 0; k < Shape::Requantizers; k++) {
#pragma HLS UNROLL
            sums.lane[k] = buffers.sums[row_in_group][sub * Shape::Requantizers + k][address];
          }
          out.write(sums);
          sub = sub + 1 == Geometry<Shape>::Subs ? 0 : sub + 1;
          if (sub == 0) group++;
        }
        next_group = group;
        next_sub = sub;
        column_offset += layer.sum_column_pitch;
      }
      if (++row_in_group == Shape::Rows) {
        row_in_group = 0;
        row_offset += layer.sum_group_pitch;
      }
    }
    group_base = next_group;
    sub_base = next_sub;
  }
}

// One step; returns whether the layer goes on, and in finished whether an output tile left.
template <class Shape>
bool array_step(const Layer& layer, hls::stream<ArrayStep>& steps, hls::stream<Beat<Shape>>& tiles,
                hls::stream<Sums<Shape>>& sums, bool& finished) {
  static ArrayBuffers<Shape> buffers;
#pragma HLS ARRAY_PARTITION variable=buffers.input dim=1 complete
#pragma HLS ARRAY_PARTITION variable=buffers.input dim=2 complete
#pragma HLS ARRAY_PARTITION variable=buffers.weights dim=1 complete
#pragma HLS ARRAY_PARTITION variable=buffers.sums dim=1 complete
#pragma HLS ARRAY_PARTITION variable=buffers.sums dim=2 complete
#pragma HLS BIND_STORAGE variable=buffers.input type=ram_s2p impl=bram
#pragma HLS BIND_STORAGE variable=buffers.weights type=ram_s2p impl=bram
#pragma HLS BIND_STORAGE variable=buffers.sums type=ram_s2p impl=bram
  const ArrayStep step = steps.read();
  if (step.fill) fill_inputs<Shape>(layer, step, tiles, buffers);
  fill_weights<Shape>(step, tiles, buffers);
  multiply_tile<Shape>(layer, step, buffers);
  finished = step.last;
  if (step.last) drain_sums<Shape>(layer, step, buffers, sums);
  return !step.layer_last;
}

}  // namespace nba
