// One chunk: loads its program, then runs layers, each from its descriptor, as four processes joined by streams.
//
// The memory image of the program is the RTL's program window: word w of chunk c at 32-bit word {c, memory, w}.
// Where a chunk has no on-chip memory the four processes of a layer run at once (DATAFLOW); where it has one, a tensor
// may be read and written there in the same layer, which DATAFLOW does not allow: its steps run one after the other.
#pragma once

#include <hls_stream.h>

#include "nba_array.hpp"
#include "nba_read.hpp"
#include "nba_shape.hpp"
#include "nba_store.hpp"
#include "nba_words.hpp"

namespace nba {

enum Command { CommandLoad = 0, CommandPrologue = 1, CommandRun = 2 };

// What a chunk is to do in one call.
struct Task {
  int command;
  unsigned program;  // beat at which the program window begins
  Bases bases;
  int layers;        // of this chunk's list
  int first, count;  // which of them to run
  int epoch, images;
  bool single;       // latency mode: the epoch is the image, whatever the delay
};

template <class Shape>
Word program_word(const Beat<Shape>* source, unsigned program, int word) {
#pragma HLS INLINE
  constexpr int WordsPerBeat = Shape::BusBits / 32;
  return source[program + word / WordsPerBeat] >> (word % WordsPerBeat * 32);
}

template <class Shape, int Words>
void load_table(const Beat<Shape>* source, unsigned program, int memory, Word (&table)[Words][Shape::TableDepth]) {
  for (int entry = 0; entry < Shape::TableDepth; entry++) {
    for (int k = 0; k < Words; k++) {
#pragma HLS PIPELINE II=1
      table[k][entry] = program_word<Shape>(source, program, memory * MemorySpan + entry * EntrySpan + k);
    }
  }
}

template <class Shape>
void read_layer(const Beat<Shape>* source, const Beat<Shape> chip[Geometry<Shape>::ChipSize], Layer layer,
                const Tables<Shape>& tables, hls::stream<ArrayStep>& array_steps, hls::stream<StoreStep>& store_steps,
                hls::stream<Runs>& runs, hls::stream<Beat<Shape>>& tiles, hls::stream<Beat<Shape>>& constants) {
  Walk walk;
  while (read_step<Shape>(source, chip, layer, tables, walk, array_steps, store_steps, runs, tiles, constants)) {
  }
}

template <class Shape>
void array_layer(Layer layer, hls::stream<ArrayStep>& steps, hls::stream<Beat<Shape>>& tiles,
                 hls::stream<Sums<Shape>>& sums) {
  bool finished;
  while (array_step<Shape>(layer, steps, tiles, sums, finished)) {
  }
}

template <class Shape>
void store_layer(Layer layer, hls::stream<StoreStep>& steps, hls::stream<Beat<Shape>>& constants,
                 hls::stream<Sums<Shape>>& sums, hls::stream<Beat<Shape>>& beats) {
  while (store_step<Shape>(layer, steps, constants, sums, beats)) {
  }
}

template <class Shape>
void write_layer(Beat<Shape>* sink, Beat<Shape> chip[Geometry<Shape>::ChipSize], Layer layer, hls::stream<Runs>& runs,
                 hls::stream<Beat<Shape>>& beats) {
  while (write_step<Shape>(sink, chip, layer, runs, beats)) {
  }
}

template <class Shape, bool HasChip>
struct LayerRunner {
  static void run(const Beat<Shape>* source, Beat<Shape>* sink, Beat<Shape>*, const Layer& layer,
                  const Tables<Shape>& tables) {
#pragma HLS DATAFLOW
    hls::stream<ArrayStep> array_steps;
    hls::stream<StoreStep> store_steps;
    hls::stream<Runs> runs;
    hls::stream<Beat<Shape>> tiles, constants, beats;
    hls::stream<Sums<Shape>> sums;
    Beat<Shape> nothing_to_read[1] = {}, nothing_to_write[1] = {};
#pragma HLS STREAM variable=array_steps depth=4
#pragma HLS STREAM variable=store_steps depth=4
#pragma HLS STREAM variable=runs depth=4
    // Deep enough for a whole tile, which waits here while the array works on the one before.
#pragma HLS STREAM variable=tiles depth=Geometry<Shape>::TileBeats
#pragma HLS STREAM variable=constants depth=Shape::ParameterWords
#pragma HLS STREAM variable=sums depth=32
#pragma HLS STREAM variable=beats depth=256
    read_layer<Shape>(source, nothing_to_read, layer, tables, array_steps, store_steps, runs, tiles, constants);
    array_layer<Shape>(layer, array_steps, tiles, sums);
    store_layer<Shape>(layer, store_steps, constants, sums, beats);
    write_layer<Shape>(sink, nothing_to_write, layer, runs, beats);
  }
};

template <class Shape>
struct LayerRunner<Shape, true> {
  static void run(const Beat<Shape>* source, Beat<Shape>* sink, Beat<Shape>* chip, const Layer& layer,
                  const Tables<Shape>& tables) {
    hls::stream<ArrayStep> array_steps;
    hls::stream<StoreStep> store_steps;
    hls::stream<Runs> runs;
    hls::stream<Beat<Shape>> tiles, constants, beats;
    hls::stream<Sums<Shape>> sums;
    // Each holds all that one step brings, because nobody reads it before the step is over.
#pragma HLS STREAM variable=tiles depth=Geometry<Shape>::TileBeats
#pragma HLS STREAM variable=constants depth=Geometry<Shape>::ConstantBeats
#pragma HLS STREAM variable=sums depth=Geometry<Shape>::TileSums
#pragma HLS STREAM variable=beats depth=Geometry<Shape>::TileSums
    Walk walk;
    bool going = true, finished = false;
    while (going) {
      going = read_step<Shape>(source, chip, layer, tables, walk, array_steps, store_steps, runs, tiles, constants);
      array_step<Shape>(layer, array_steps, tiles, sums, finished);
      if (finished) {
        store_step<Shape>(layer, store_steps, constants, sums, beats);
        write_step<Shape>(sink, chip, layer, runs, beats);
      }
    }
  }
};

template <class Shape>
void run_chunk(const Beat<Shape>* source, Beat<Shape>* sink, Beat<Shape> chip[Geometry<Shape>::ChipSize], Task task) {
  static Word descriptors[Shape::Layers * DescriptorSpan];
  static Tables<Shape> tables;
#pragma HLS ARRAY_PARTITION variable=tables.read dim=1 complete
#pragma HLS ARRAY_PARTITION variable=tables.array dim=1 complete
#pragma HLS ARRAY_PARTITION variable=tables.store dim=1 complete
#pragma HLS BIND_STORAGE variable=descriptors type=ram_1p impl=bram
  if (task.command == CommandLoad) {
    for (int k = 0; k < Shape::Layers * DescriptorSpan; k++) {
#pragma HLS PIPELINE II=1
      descriptors[k] = program_word<Shape>(source, task.program, k);
    }
    load_table<Shape>(source, task.program, 1, tables.read);
    load_table<Shape>(source, task.program, 2, tables.array);
    load_table<Shape>(source, task.program, 3, tables.store);
  } else if (task.command == CommandPrologue) {
    const Word* words = &descriptors[task.layers * DescriptorSpan];
    const unsigned from = resolve(words[WordWeightBase], 0, 0, false, task.bases);
    const int beats = static_cast<int>(words[WordPrologueBeats].to_uint());
    for (int k = 0; Shape::ChipWords > 0 && k < beats; k++) {
#pragma HLS PIPELINE II=1
      chip[k & (Geometry<Shape>::ChipSize - 1)] = source[from + k];
    }
  } else {
    for (int k = task.first; k < task.first + task.count; k++) {
      const Word* words = &descriptors[k * DescriptorSpan];
      const int image = task.single ? task.epoch : task.epoch - low16(words[WordDelay]);
      if (image >= 0 && image < task.images)
        LayerRunner<Shape, (Shape::ChipWords > 0)>::run(source, sink, chip, decode(words, image, task.bases), tables);
    }
  }
}

}  // namespace nba
