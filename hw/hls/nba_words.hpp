// Layout of descriptors, tables and records: the figures of hw/rtl/nba_pkg.sv and src/lower/descriptor.ts; a test
// compares the three.
#pragma once

#include <ap_int.h>

namespace nba {

using Word = ap_uint<32>;

enum DescriptorWord {
  WordFlags = 0,
  WordInputSize = 1,
  WordTiles = 2,
  WordSteps = 3,
  WordKernel = 4,
  WordInputZero = 5,
  WordProductZero = 6,
  WordProductLow = 7,
  WordProductHigh = 8,
  WordRowPitch = 9,
  WordBlockPitch = 10,
  WordSumPitch = 11,
  WordInputBase = 12,
  WordOutputBase = 13,
  WordOperandBase = 14,
  WordWeightBase = 15,
  WordParameterBase = 16,
  WordInputRing = 17,
  WordOutputRing = 18,
  WordOperandRing = 19,
  WordInputPlane = 20,
  WordOutputPlane = 21,
  WordOutputWidth = 22,
  WordTables = 23,
  WordChannelTables = 24,
  WordDelay = 25,
  WordAddMultipliers = 26,
  WordAddShift = 27,
  WordAddLeftZero = 28,
  WordAddRightZero = 29,
  WordAddZero = 30,
  WordAddLow = 31,
  WordAddHigh = 32,
  WordOperandPitch = 33,
  WordSpareValue = 34,
  WordAddRightMultiplier = 35,
  WordAddOutputMultiplier = 36,
  WordPrologueBeats = 37
};

// Words of the program window that one layer's descriptor and one table entry span.
constexpr int DescriptorSpan = 64;
constexpr int EntrySpan = 8;
// Words of one table entry.
constexpr int ReadEntryWords = 5;
constexpr int ArrayEntryWords = 2;
constexpr int StoreEntryWords = 3;
// Words of the program window: of one memory of a chunk, and of a chunk.
constexpr int MemorySpan = 1 << 15;
constexpr int ChunkSpan = 1 << 17;
// The chunk number behind which the order of layers lies.
constexpr int OrderChunk = 15;

// Fields of a word, as plain integers: control is as wide as HLS finds it must be.
inline int low16(Word word) { return word.range(15, 0).to_int(); }
inline int high16(Word word) { return word.range(31, 16).to_int(); }
inline int low12(Word word) { return word.range(11, 0).to_int(); }
inline int high20(Word word) { return word.range(31, 12).to_int(); }
inline int byte(Word word, int index) { return ((word >> (8 * index)) & 255).to_int(); }
inline bool bit(Word word, int index) { return ((word >> index) & 1) != 0; }
inline int signed32(Word word) { return static_cast<int>(word.to_uint()); }

// One layer, decoded from its descriptor. Addresses and pitches are beats, or words of a buffer.
struct Layer {
  int row_stride, column_stride, height, width, row_tiles, column_tiles, steps, output_tiles;
  int kernel_rows, kernel_columns, pieces, row_pitch, group_pitch, block_pitch, sum_column_pitch, sum_group_pitch;
  int row_base, column_base, output_base, step_base;
  bool input_signed, add, maximum, operand_signed, single;
  bool chip_input, chip_weights, chip_parameters, chip_operand, chip_output;
  int output_slot, operand_slot, operand_pitch, output_width;
  unsigned input_address, output_address, operand_address, weight_address, parameter_address;
  unsigned input_plane, input_step, output_plane;
  int input_zero, product_zero, product_low, product_high, spare_value;
  Word add_multipliers, add_right_multiplier, add_output_multiplier, add_shift;
  int add_left_zero, add_right_zero, add_zero, add_low, add_high;
};

// Where the four regions begin, in beats.
struct Bases {
  unsigned region[4];
};

inline unsigned resolve(Word base, Word ring, int image, bool chip, const Bases& bases) {
  const unsigned region = chip ? 0 : bases.region[base.range(31, 30).to_uint()];
  const unsigned copy = static_cast<unsigned>(image & high16(ring)) << ring.range(4, 0).to_uint();
  return region + base.range(29, 0).to_uint() + copy;
}

inline Layer decode(const Word words[DescriptorSpan], int image, const Bases& bases) {
  const Word flags = words[WordFlags];
  Layer layer;
  layer.row_stride = flags.range(2, 0).to_int();
  layer.column_stride = flags.range(5, 3).to_int();
  layer.input_signed = bit(flags, 6);
  layer.add = bit(flags, 7);
  layer.maximum = bit(flags, 8);
  layer.operand_signed = bit(flags, 9);
  layer.output_slot = flags.range(11, 10).to_int();
  layer.operand_slot = flags.range(13, 12).to_int();
  layer.single = bit(flags, 14);
  layer.chip_input = bit(flags, 26);
  layer.chip_weights = bit(flags, 27);
  layer.chip_parameters = bit(flags, 28);
  layer.chip_operand = bit(flags, 29);
  layer.chip_output = bit(flags, 30);
  layer.height = low16(words[WordInputSize]);
  layer.width = high16(words[WordInputSize]);
  layer.row_tiles = low16(words[WordTiles]);
  layer.column_tiles = high16(words[WordTiles]);
  layer.steps = low16(words[WordSteps]);
  layer.output_tiles = high16(words[WordSteps]);
  layer.kernel_rows = byte(words[WordKernel], 0);
  layer.kernel_columns = byte(words[WordKernel], 1);
  layer.pieces = byte(words[WordKernel], 2);
  layer.input_zero = signed32(words[WordInputZero]);
  layer.product_zero = signed32(words[WordProductZero]);
  layer.product_low = signed32(words[WordProductLow]);
  layer.product_high = signed32(words[WordProductHigh]);
  layer.spare_value = signed32(words[WordSpareValue]);
  layer.row_pitch = low16(words[WordRowPitch]);
  layer.group_pitch = high16(words[WordRowPitch]);
  layer.block_pitch = low16(words[WordBlockPitch]);
  layer.input_step = words[WordBlockPitch].range(18, 16).to_uint();
  layer.sum_column_pitch = low16(words[WordSumPitch]);
  layer.sum_group_pitch = high16(words[WordSumPitch]);
  layer.input_address = resolve(words[WordInputBase], words[WordInputRing], image, layer.chip_input, bases);
  layer.output_address = resolve(words[WordOutputBase], words[WordOutputRing], image, layer.chip_output, bases);
  layer.operand_address = resolve(words[WordOperandBase], words[WordOperandRing], image, layer.chip_operand, bases);
  layer.weight_address = resolve(words[WordWeightBase], 0, 0, layer.chip_weights, bases);
  layer.parameter_address = resolve(words[WordParameterBase], 0, 0, layer.chip_parameters, bases);
  layer.input_plane = words[WordInputPlane].to_uint();
  layer.output_plane = words[WordOutputPlane].to_uint();
  layer.output_width = low16(words[WordOutputWidth]);
  layer.row_base = low16(words[WordTables]);
  layer.column_base = high16(words[WordTables]);
  layer.output_base = low16(words[WordChannelTables]);
  layer.step_base = high16(words[WordChannelTables]);
  layer.operand_pitch = low16(words[WordOperandPitch]);
  layer.add_multipliers = words[WordAddMultipliers];
  layer.add_right_multiplier = words[WordAddRightMultiplier];
  layer.add_output_multiplier = words[WordAddOutputMultiplier];
  layer.add_shift = words[WordAddShift];
  layer.add_left_zero = signed32(words[WordAddLeftZero]);
  layer.add_right_zero = signed32(words[WordAddRightZero]);
  layer.add_zero = signed32(words[WordAddZero]);
  layer.add_low = signed32(words[WordAddLow]);
  layer.add_high = signed32(words[WordAddHigh]);
  return layer;
}

}  // namespace nba
