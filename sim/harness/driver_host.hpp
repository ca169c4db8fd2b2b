// Calls the C driver as a program on a processor would; included by harness.cpp.
#include "nba.h"

namespace {

class DriverHost : public Host {
 public:
  void prepare(const Case& c, const Access& access, uint8_t* memory, uint32_t address) override {
    access_ = access;
    nba_bus bus = {this, write32, read32};
    size_t images = c.images;
    expect(nba_open(&device_, bus, memory, address, nba_memory_bytes(c.images), c.images), "nba_open");
    expect(nba_load_program(&device_, "mem/program.mem"), "nba_load_program");
    expect(nba_load_weights(&device_, "mem/weights.mem"), "nba_load_weights");
    nba_set_memory(&device_, c.OT, c.L, c.S, c.Lw);
    std::vector<int32_t> values(NBA_INPUT_ROWS * NBA_INPUT_COLUMNS * NBA_INPUT_CHANNELS);
    for (size_t i = 0; i < images; i++) {
      unpackInput(&c.inputs[i * c.inputBeats * kBusBytes], values);
      nba_write_input(&device_, static_cast<uint32_t>(i), values.data());
    }
  }

  void start(const Case& c, bool prologue) override {
    const nba_mode mode = prologue ? NBA_PROLOGUE : c.mode == 0 ? NBA_LATENCY : NBA_THROUGHPUT;
    expect(nba_start(&device_, c.images, mode), "nba_start");
  }

  void finish(const Case& c) override {
    const nba_result result = nba_wait(&device_, 4);
    std::printf("{\"driver\":%d,\"cycles\":%" PRIu64 ",\"counters\":[", static_cast<int>(result), nba_cycles(&device_));
    for (int chunk = 0; chunk < NBA_CHUNKS; chunk++) {
      const nba_counters k = nba_read_counters(&device_, chunk);
      std::printf("%s[%u,%u,%u,%u]", chunk ? "," : "", k.busy, k.read_stall, k.sum_stall, k.write_stall);
    }
    std::printf("],\"outputs\":[");
    std::vector<int32_t> values(NBA_OUTPUT_ROWS * NBA_OUTPUT_COLUMNS * NBA_OUTPUT_CHANNELS);
    for (uint32_t i = 0; i < c.images; i++) {
      nba_read_output(&device_, i, values.data());
      std::printf("%s[", i ? "," : "");
      for (size_t k = 0; k < values.size(); k++) std::printf("%s%d", k ? "," : "", values[k]);
      std::printf("]");
    }
    std::printf("]}\n");
  }

 private:
  Access access_;
  nba_device device_;

  static void write32(void* context, uint32_t offset, uint32_t value) {
    static_cast<DriverHost*>(context)->access_.write(offset, value);
  }
  static uint32_t read32(void* context, uint32_t offset) {
    return static_cast<DriverHost*>(context)->access_.read(offset);
  }
  static void expect(nba_result result, const char* what) {
    if (result == NBA_OK) return;
    std::fprintf(stderr, "driver: %s answers %d\n", what, static_cast<int>(result));
    std::exit(1);
  }
  // Cases hold images as they lie in memory; the driver takes plain integers.
  static void unpackInput(const uint8_t* bytes, std::vector<int32_t>& values) {
    constexpr int lanes = 8 * NBA_BUS_BYTES / NBA_INPUT_LANE_BITS, pixels = NBA_INPUT_ROWS * NBA_INPUT_COLUMNS;
    for (size_t k = 0; k < values.size(); k++) {
      const size_t channel = k % NBA_INPUT_CHANNELS, pixel = k / NBA_INPUT_CHANNELS;
      const size_t bit = ((channel / lanes) * pixels + pixel) * 8 * NBA_BUS_BYTES + channel % lanes * NBA_INPUT_LANE_BITS;
      int32_t value = 0;
      for (size_t b = 0; b < NBA_INPUT_LANE_BITS; b++) value |= (bytes[(bit + b) / 8] >> ((bit + b) % 8) & 1) << b;
      if (NBA_INPUT_SIGNED && (value >> (NBA_INPUT_LANE_BITS - 1) & 1)) value -= 1 << NBA_INPUT_LANE_BITS;
      values[k] = value;
    }
  }
};

Host* makeHost() { return new DriverHost; }

}  // namespace
