// C simulation of a generated design on the same cases as the RTL: programs it from the same words, and compares every
// tensor that an operator leaves in memory.
//
// usage: testbench CASES [ESTIMATE]
// CASES is tb/cases.bin of a generated directory; ESTIMATE is a text that is printed as it is. Exit code: 0 all tensors
// equal, 1 otherwise, 2 unreadable container.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "design.hpp"

namespace {

constexpr uint32_t Magic = 0x4341424e;  // "NBAC"
constexpr uint32_t ChipRegion = 16;
constexpr int BusBytes = nba_design::BusBits / 8;
constexpr uint32_t WindowBit = 0x800000;
constexpr uint64_t WindowBytes = 0x800000, PageBytes = 4096;

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "testbench: %s\n", why);
  std::exit(2);
}

struct Reader {
  std::vector<uint32_t> words;
  size_t at = 0;
  uint32_t next() {
    if (at >= words.size()) refuse("the case file ends early");
    return words[at++];
  }
  std::vector<uint8_t> bytes() {
    const size_t count = next(), whole = (count + 3) / 4;
    if (whole > words.size() - at) refuse("the case file ends early");
    std::vector<uint8_t> out(count);
    if (count > 0) std::memcpy(out.data(), &words[at], count);
    at += whole;
    return out;
  }
};

struct Tensor {
  uint32_t layer, region, offset, shift, mask, beats, delay;
  std::vector<uint8_t> expected;  // all images
};

// Memory as the design sees it: program window, then the four regions, each on a page of its own.
struct Memory {
  std::vector<nba_design::Beat> beats;
  uint64_t base[4];

  void put(uint64_t beat, const uint8_t* bytes, size_t count) {
    for (size_t k = 0; k * BusBytes < count; k++) {
      uint64_t value = 0;
      std::memcpy(&value, bytes + k * BusBytes, BusBytes);
      beats[beat + k] = value;
    }
  }
};

bool equal(const nba_design::Beat* got, const uint8_t* want, uint32_t beats, uint32_t& where) {
  for (uint32_t k = 0; k < beats; k++) {
    uint64_t value = 0;
    std::memcpy(&value, want + static_cast<size_t>(k) * BusBytes, BusBytes);
    if (got[k] != nba_design::Beat(value)) {
      where = k;
      return false;
    }
  }
  return true;
}

// One case; returns how many tensors differ and adds up images and seconds of the design's own calls.
int run(Reader& in, uint32_t index, uint64_t& total_images, double& seconds) {
  const bool latency = in.next() == 0;
  const uint32_t images = in.next(), depth = in.next();
  const bool prologue = in.next() != 0;
  for (int k = 0; k < 5; k++) in.next();  // the memory contract and the limit concern cycles
  uint64_t regionBeats[4];
  for (uint64_t& beats : regionBeats) beats = in.next();

  Memory memory;
  uint64_t total = WindowBytes / BusBytes;
  for (int k = 0; k < 4; k++) {
    const uint64_t page = PageBytes / BusBytes;
    memory.base[k] = total;
    total += (regionBeats[k] + page - 1) / page * page;
  }
  memory.beats.resize(total, nba_design::Beat(0));
  for (size_t k = WindowBytes / BusBytes; k < memory.beats.size(); k++) memory.beats[k] = k * 2654435761u;

  nba_design::Call call = {};
  const uint32_t writes = in.next();
  for (uint32_t k = 0; k < writes; k++) {
    const uint32_t address = in.next(), data = in.next();
    if ((address & WindowBit) != 0) {
      const uint32_t offset = address - WindowBit, at = offset / BusBytes, shift = offset % BusBytes * 8;
      memory.beats[at] |= nba_design::Beat(data) << shift;
    } else if (address == 0x040) {
      call.order_length = static_cast<int>(data);
    } else if (address >= 0x080 && address < 0x080 + 4 * nba_design::Chunks) {
      call.layers[(address - 0x080) / 4] = static_cast<int>(data);
    }
  }
  const std::vector<uint8_t> weights = in.bytes();
  memory.put(memory.base[0], weights.data(), weights.size());
  const uint32_t inputShift = in.next(), inputBeats = in.next();
  const std::vector<uint8_t> inputs = in.bytes();
  const size_t inputBytes = static_cast<size_t>(inputBeats) * BusBytes;
  for (uint32_t i = 0; i < images; i++)
    memory.put(memory.base[2] + (static_cast<uint64_t>(i) << inputShift), &inputs[i * inputBytes], inputBytes);
  std::vector<Tensor> tensors(in.next());
  for (Tensor& t : tensors) {
    t.layer = in.next(); t.region = in.next(); t.offset = in.next(); t.shift = in.next(); t.mask = in.next();
    t.beats = in.next(); t.delay = in.next();
    t.expected = in.bytes();
  }

  for (int k = 0; k < 4; k++) call.base[k] = static_cast<unsigned>(memory.base[k]);
  call.latency = latency;
  call.images = static_cast<int>(images);
  const auto invoke = [&](int command, uint32_t epoch) {
    call.command = command;
    call.first_epoch = static_cast<int>(epoch);
    call.epochs = 1;
    const auto begin = std::chrono::steady_clock::now();
    nba_design::run(memory.beats.data(), call);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  invoke(nba::CommandLoad, 0);
  if (prologue) invoke(nba::CommandPrologue, 0);
  int different = 0;
  for (uint32_t epoch = 0; epoch < (latency ? images : images + depth); epoch++) {
    invoke(nba::CommandRun, epoch);
    for (const Tensor& t : tensors) {
      const int64_t image = latency ? epoch : static_cast<int64_t>(epoch) - t.delay;
      if (image < 0 || image >= images) continue;
      const nba_design::Beat* got =
          t.region >= ChipRegion
              ? nba_design::chip(static_cast<int>(t.region - ChipRegion)) + t.offset
              : &memory.beats[memory.base[t.region] + t.offset + ((static_cast<uint64_t>(image) & t.mask) << t.shift)];
      uint32_t where = 0;
      if (equal(got, &t.expected[static_cast<size_t>(image) * t.beats * BusBytes], t.beats, where)) continue;
      if (different++ == 0)
        std::printf("case %u: layer %u, image %d: beat %u differs from the integer model\n", index, t.layer,
                    static_cast<int>(image), where);
    }
  }
  std::printf("case %u: %u images, %s mode, %zu tensors an image, %s\n", index, images,
              latency ? "latency" : "throughput", tensors.size(),
              different == 0 ? "every tensor equal to the integer model" : "FAILED");
  total_images += images;
  return different;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) refuse("usage: testbench CASES [ESTIMATE]");
  Reader in;
  FILE* file = std::fopen(argv[1], "rb");
  if (file == nullptr) refuse("cannot open the case file");
  uint32_t word;
  while (std::fread(&word, sizeof word, 1, file) == 1) in.words.push_back(word);
  std::fclose(file);
  if (in.next() != Magic) refuse("this is no case file");
  const uint32_t cases = in.next();
  int different = 0;
  uint64_t images = 0;
  double seconds = 0;
  for (uint32_t k = 0; k < cases; k++) different += run(in, k, images, seconds);
  if (argc > 2) {
    FILE* text = std::fopen(argv[2], "r");
    if (text == nullptr) refuse("cannot open the estimate");
    for (int c = std::fgetc(text); c != EOF; c = std::fgetc(text)) std::putchar(c);
    std::fclose(text);
  }
  std::printf("C simulation: %u cases, %s, %.1f images/s\n", cases, different == 0 ? "all equal" : "DIFFERENT",
              seconds > 0 ? static_cast<double>(images) / seconds : 0.0);
  return different == 0 ? 0 : 1;
}
