// templates/hls/design.cpp.hbs from src/emit/targets/hls.ts. Do not edit.
// Design layer_x, configuration e8e72410b792f279f53a407b11340a91a521c6aef61d07fefb03d29a4f6300a2.
//
// One function a chunk, and the top: epoch by epoch, or one image after the other (latency).
#include "design.hpp"

namespace {

using nba_design::Beat;

// standard 3 x 4 x 2, 5-bit weights, 8-bit activations.
struct Chunk0 {
  static constexpr int BusBits = 64;
  static constexpr int Rows = 3;
  static constexpr int Outputs = 4;
  static constexpr int Inputs = 2;
  static constexpr int Depthwise = 0;
  static constexpr int ProductsPerDsp = 0;
  static constexpr int RotationRegisters = 0;
  static constexpr int AdderRegisters = 0;
  static constexpr int SumRegisters = 0;
  static constexpr int RequantizerRegisters = 0;
  static constexpr int SlotBits = 8;
  static constexpr int WeightBits = 5;
  static constexpr int Requantizers = 2;
  static constexpr int HasAdd = 1;
  static constexpr int Tflite = 0;
  static constexpr int OutputSlots = 4;
  static constexpr int OperandSlots = 4;
  static constexpr int InputWords = 32;
  static constexpr int WeightWords = 64;
  static constexpr int ParameterWords = 8;
  static constexpr int SumWords = 16;
  static constexpr int OperandWords = 16;
  static constexpr int SumBuffers = 2;
  static constexpr int ChipWords = 0;
  static constexpr int Layers = 2;
  static constexpr int TableDepth = 16;
  static constexpr int FabricMultiply = 1;
};

Beat chip_0[nba::Geometry<Chunk0>::ChipSize];

void chunk_0(const Beat* source, Beat* sink, nba::Task task) {
#pragma HLS INLINE off
#pragma HLS BIND_STORAGE variable=chip_0 type=ram_s2p impl=bram
  nba::run_chunk<Chunk0>(source, sink, chip_0, task);
}

// Number of the chunk that runs next in latency mode: chunk 15 of the program window.
int order_of(const Beat* source, unsigned program_base, int position) {
  const int word = nba::OrderChunk * nba::ChunkSpan + position;
  return nba::program_word<Chunk0>(source, program_base, word).to_int();
}

// All chunks at once: in an epoch no chunk reads what another one writes.
void step(
    const Beat* source_0, Beat* sink_0, nba::Task task_0
) {
#pragma HLS DATAFLOW
  chunk_0(source_0, sink_0, task_0);
}

}  // namespace

void layer_x_hls(
    const Beat* source_0, Beat* sink_0, int layers_0,
    int command, bool latency, int first_epoch, int epochs, int images, int order_length, unsigned program_base,
    unsigned weights_base, unsigned activations_base, unsigned input_base, unsigned output_base) {
#pragma HLS INTERFACE m_axi port=source_0 offset=slave bundle=gmem0 max_read_burst_length=256
#pragma HLS INTERFACE m_axi port=sink_0 offset=slave bundle=gmem0 max_write_burst_length=256
#pragma HLS INTERFACE s_axilite port=source_0 bundle=control
#pragma HLS INTERFACE s_axilite port=sink_0 bundle=control
#pragma HLS INTERFACE s_axilite port=layers_0 bundle=control
#pragma HLS INTERFACE s_axilite port=command bundle=control
#pragma HLS INTERFACE s_axilite port=latency bundle=control
#pragma HLS INTERFACE s_axilite port=first_epoch bundle=control
#pragma HLS INTERFACE s_axilite port=epochs bundle=control
#pragma HLS INTERFACE s_axilite port=images bundle=control
#pragma HLS INTERFACE s_axilite port=order_length bundle=control
#pragma HLS INTERFACE s_axilite port=program_base bundle=control
#pragma HLS INTERFACE s_axilite port=weights_base bundle=control
#pragma HLS INTERFACE s_axilite port=activations_base bundle=control
#pragma HLS INTERFACE s_axilite port=input_base bundle=control
#pragma HLS INTERFACE s_axilite port=output_base bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
  const nba::Bases bases = { {weights_base, activations_base, input_base, output_base} };
  const bool by_layer = latency && command == nba::CommandRun;
  const int positions = by_layer ? order_length : 1;
  const int rounds = command == nba::CommandRun ? epochs : 1;
  for (int epoch = first_epoch; epoch < first_epoch + rounds; epoch++) {
    int next[nba_design::Chunks] = {};
#pragma HLS ARRAY_PARTITION variable=next complete
    for (int position = 0; position < positions; position++) {
      const int chunk = by_layer ? order_of(source_0, program_base, position) : 0;
      nba::Task task_0 = {command, program_base + 0, bases, layers_0, 0, layers_0, epoch, images, latency};
      if (by_layer) {
        task_0.first = next[0];
        task_0.count = chunk == 0 ? 1 : 0;
        next[0] += task_0.count;
      }
      step(
          source_0, sink_0, task_0
      );
    }
  }
}

namespace nba_design {

void run(Beat* memory, const Call& call) {
  layer_x_hls(
      memory, memory, call.layers[0],
      call.command, call.latency, call.first_epoch, call.epochs, call.images, call.order_length, 0,
      call.base[0], call.base[1], call.base[2], call.base[3]);
}

const Beat* chip(int chunk) {
  switch (chunk) {
    case 0: return chip_0;
    default: return nullptr;
  }
}

}  // namespace nba_design
