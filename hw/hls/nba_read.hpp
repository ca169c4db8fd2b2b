// The read process: walks a layer's tables, fetches what each step needs, and tells the other processes what comes.
//
// Order of steps, skipped reads and the order of beats are nba_sequencer's and nba_read's. One walk feeds the array and
// the store through streams, so that neither needs a table of its own.
#pragma once

#include <hls_stream.h>

#include "nba_shape.hpp"
#include "nba_words.hpp"

namespace nba {

// What the array does in one step.
struct ArrayStep {
  bool first, last, layer_last, fill;
  int fill_blocks, fill_rows, fill_columns, bank, phase, offset, weight_beats;
  int row_groups, columns, output_groups, input_groups, top, left;
  // The output tile that leaves after the last input tile.
  int blocks, rows;
};

// What the store does with one output tile; no beats: what is there stays.
struct StoreStep {
  bool layer_last;
  int parameter_beats, operand_blocks, blocks, rows, columns;
};

// A rectangle of memory: outer x inner runs of length beats, `step` beats apart.
struct Runs {
  bool layer_last;
  unsigned address;
  int outer, inner, length;
  unsigned outer_stride, inner_stride, step;
};

// The program of a chunk, loaded once. Words of an entry lie side by side.
template <class Shape>
struct Tables {
  Word read[ReadEntryWords][Shape::TableDepth];
  Word array[ArrayEntryWords][Shape::TableDepth];
  Word store[StoreEntryWords][Shape::TableDepth];
};

// Position in a layer: tiles of rows and columns, output tile, channel step.
struct Walk {
  int row = 0, column = 0, output = 0, step = 0;
};

template <class Shape>
void fetch(const Beat<Shape>* source, const Beat<Shape> chip[Geometry<Shape>::ChipSize], bool from_chip,
           const Runs& runs, hls::stream<Beat<Shape>>& beats) {
  unsigned outer_address = runs.address;
  for (int outer = 0; outer < runs.outer; outer++) {
    unsigned address = outer_address;
    for (int inner = 0; inner < runs.inner; inner++) {
      for (int k = 0; k < runs.length; k++) {
#pragma HLS PIPELINE II=1
        const unsigned at = address + k * runs.step;
        if (Shape::ChipWords > 0 && from_chip) beats.write(chip[at & (Geometry<Shape>::ChipSize - 1)]);
        else beats.write(source[at]);
      }
      address += runs.inner_stride;
    }
    outer_address += runs.outer_stride;
  }
}

inline Runs linear(unsigned address, int beats) { return {false, address, 1, 1, beats, 0, 0, 1}; }

// Rows merge where a tile spans the width, planes where it spans the height too.
inline Runs rectangle(unsigned address, bool column_full, bool row_full, int blocks, int rows, int columns,
                      int merged_rows, int merged_planes, unsigned plane, int width, unsigned step) {
  if (!column_full) return {false, address, blocks, rows, columns, plane, static_cast<unsigned>(width), step};
  if (!row_full) return {false, address, blocks, 1, merged_rows, plane, 0, 1};
  return linear(address, merged_planes);
}

// One step; returns whether the layer goes on. Inputs and weights go to the array (tiles), records and second operands
// to the store (constants).
template <class Shape>
bool read_step(const Beat<Shape>* source, const Beat<Shape> chip[Geometry<Shape>::ChipSize], const Layer& layer,
               const Tables<Shape>& tables, Walk& at, hls::stream<ArrayStep>& array_steps,
               hls::stream<StoreStep>& store_steps, hls::stream<Runs>& output_runs, hls::stream<Beat<Shape>>& tiles,
               hls::stream<Beat<Shape>>& constants) {
  Word row[ReadEntryWords], column[ReadEntryWords], output[ReadEntryWords], step[ReadEntryWords];
  const int r = layer.row_base + at.row, c = layer.column_base + at.column;
  const int o = layer.output_base + at.output, x = layer.step_base + at.step;
  for (int k = 0; k < ReadEntryWords; k++) {
#pragma HLS UNROLL
    row[k] = tables.read[k][r];
    column[k] = tables.read[k][c];
    output[k] = tables.read[k][o];
    step[k] = tables.read[k][x];
  }
  const bool first = bit(step[2], 0), last = bit(step[2], 1), new_input = bit(step[2], 2);
  const bool step_first = at.step == 0, step_last = at.step + 1 == layer.steps;
  const bool layer_first = step_first && at.column == 0 && at.row == 0;
  const bool layer_last = step_last && at.column + 1 == layer.column_tiles && at.row + 1 == layer.row_tiles;
  const bool fill = step_first || new_input;
  const bool weights = layer_first || layer.steps != 1;
  const bool parameters = first && (layer_first || layer.output_tiles != 1);

  ArrayStep array;
  array.first = first;
  array.last = last;
  array.layer_last = layer_last;
  array.fill = fill;
  array.fill_blocks = low12(step[1]);
  array.fill_rows = low12(row[1]);
  array.fill_columns = low16(column[1]);
  array.bank = byte(row[2], 2);
  array.phase = row[2].range(26, 24).to_int();
  array.offset = (low16(row[2]) + low16(column[2])) & 0xffff;
  array.weight_beats = weights ? static_cast<int>(step[4].to_uint()) : 0;
  array.row_groups = low16(tables.array[0][r]);
  array.top = ap_int<16>(low16(tables.array[1][r])).to_int();
  array.columns = low16(tables.array[0][c]);
  array.left = ap_int<16>(low16(tables.array[1][c])).to_int();
  array.output_groups = low16(tables.array[0][o]);
  array.input_groups = low16(tables.array[0][x]);
  array.blocks = low12(tables.store[1][o]);
  array.rows = low12(tables.store[1][r]);
  array_steps.write(array);

  if (fill)
    fetch<Shape>(source, chip, layer.chip_input,
                 rectangle(layer.input_address + row[0].to_uint() + column[0].to_uint() + step[0].to_uint(),
                           bit(column[2], 16), bit(row[2], 27), array.fill_blocks, array.fill_rows, array.fill_columns,
                           high20(row[1]), high20(step[1]), layer.input_plane, layer.width, layer.input_step),
                 tiles);
  if (weights)
    fetch<Shape>(source, chip, layer.chip_weights,
                 linear(layer.weight_address + step[3].to_uint(), array.weight_beats), tiles);

  // Records come with an output tile's first step; they wait in the stream until its last.
  const int parameter_beats = parameters ? static_cast<int>(output[1].to_uint()) : 0;
  if (parameters)
    fetch<Shape>(source, chip, layer.chip_parameters,
                 linear(layer.parameter_address + output[0].to_uint(), parameter_beats), constants);
  if (first) {
    StoreStep store;
    store.layer_last = at.output + 1 == layer.output_tiles && at.column + 1 == layer.column_tiles &&
                       at.row + 1 == layer.row_tiles;
    store.parameter_beats = parameter_beats;
    store.operand_blocks = low12(tables.store[2][o]);
    store.blocks = array.blocks;
    store.rows = array.rows;
    store.columns = low16(tables.store[1][c]);
    store_steps.write(store);
  }
  if (last) {
    const unsigned pixel = row[3].to_uint() + column[3].to_uint();
    if (layer.add)
      fetch<Shape>(source, chip, layer.chip_operand,
                   rectangle(layer.operand_address + pixel + output[3].to_uint(), bit(column[2], 17),
                             bit(row[2], 28), low12(output[4]), low12(row[4]), low16(column[4]), high20(row[4]),
                             high20(output[4]), layer.output_plane, layer.output_width, 1),
                   constants);
    Runs runs = rectangle(layer.output_address + tables.store[0][r].to_uint() + tables.store[0][c].to_uint() +
                              tables.store[0][o].to_uint(),
                          bit(tables.store[2][c], 0), bit(tables.store[2][r], 0), array.blocks, array.rows,
                          low16(tables.store[1][c]), high20(tables.store[1][r]), high20(tables.store[1][o]),
                          layer.output_plane, layer.output_width, 1);
    runs.layer_last = layer_last;
    output_runs.write(runs);
  }

  if (!step_last) {
    at.step++;
    if (last) at.output++;
  } else {
    at.step = at.output = 0;
    if (at.column + 1 != layer.column_tiles) {
      at.column++;
    } else {
      at.column = 0;
      at.row++;
    }
  }
  return !layer_last;
}

}  // namespace nba
