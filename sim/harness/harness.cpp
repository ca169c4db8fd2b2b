// Drives a generated design: programs it over AXI4-Lite, plays the memory of every AXI4 port under the memory
// contract, compares every tensor an operator leaves in memory, and measures cycles.
//
// usage: harness CASES [--commands FILE] [--predicted FILE] [--stalls SEED] [--bus-error N] [--silent N] [--trace FILE.fst]
// CASES is the container written by src/verify/case-file.ts or delivered as tb/cases.bin: little-endian 32-bit words.
// Memory contract: a read accepted in cycle t has its first beat in t + L + S, then one each S cycles, in order; a
// write beat is taken every S cycles, its burst answered Lw after the last. Reads, writes and ports are independent.
// Chunks that share a port do so in turns (hw/rtl/nba_port.sv); the port itself is under the same contract, but that
// its bursts are single beats, of which up to kPending may be under way.
// --silent answers no read beat after the Nth, or, negative, no write burst after the Nth: a run that stands still is
// reported with the units that hold a command and what each waits for.
// --bus-error answers read beat N (or, negative, write burst N) of every case with SLVERR: the design must stop and
// report, and is then started again without a reset; the case counts that second run.
// --predicted prints predicted beside simulated cycles as a table and makes any difference a failure; without it
// every case is one line of JSON. Exit code: 0 all tensors equal and no rule of AXI4 broken, 1 otherwise, 2 unreadable container.
#include "binding.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif

namespace {

constexpr uint32_t kMagic = 0x4341424e;  // "NBAC"
constexpr uint32_t kPending = 64;        // nba_port: single beats under way at a shared port
constexpr uint32_t kChipRegion = 16;     // tensors in the on-chip memory of chunk region - 16
constexpr uint32_t kCsrControl = 0x010, kCsrStatus = 0x014;

uint64_t bitsOf(uint64_t value, int offset, int count) { return (value >> offset) & ((1ull << count) - 1); }
template <std::size_t N>
uint64_t bitsOf(const VlWide<N>& value, int offset, int count) {
  uint64_t low = value[offset / 32];
  if (offset / 32 + 1 < static_cast<int>(N)) low |= static_cast<uint64_t>(value[offset / 32 + 1]) << 32;
  return (low >> (offset % 32)) & ((1ull << count) - 1);
}

struct Reader {
  std::vector<uint32_t> words;
  size_t at = 0;
  uint32_t next() {
    if (at >= words.size()) { std::fprintf(stderr, "harness: the case file ends early\n"); std::exit(2); }
    return words[at++];
  }
  std::vector<uint8_t> bytes() {
    size_t count = next(), n = (count + 3) / 4;
    if (n > words.size() - at) { std::fprintf(stderr, "harness: the case file ends early\n"); std::exit(2); }
    std::vector<uint8_t> out(count);
    std::memcpy(out.data(), &words[at], count);
    at += n;
    return out;
  }
};

struct Tensor {
  uint32_t layer, region, offset, ringShift, ringMask, beats, delay;
  std::vector<uint8_t> expected;  // all images
};

struct Case {
  uint32_t mode, images, depth, prologue, L, S, OT, Lw, limit;
  uint32_t regionBeats[4];
  std::vector<std::pair<uint32_t, uint32_t>> writes;
  std::vector<uint8_t> weights, inputs;
  uint32_t inputShift, inputBeats;
  std::vector<Tensor> tensors;
};

Case readCase(Reader& r) {
  Case c{};
  c.mode = r.next(); c.images = r.next(); c.depth = r.next(); c.prologue = r.next();
  c.L = r.next(); c.S = r.next(); c.OT = r.next(); c.Lw = r.next(); c.limit = r.next();
  for (uint32_t& beats : c.regionBeats) beats = r.next();
  uint32_t writes = r.next();
  for (uint32_t k = 0; k < writes; k++) { uint32_t a = r.next(); c.writes.push_back({a, r.next()}); }
  c.weights = r.bytes();
  c.inputShift = r.next(); c.inputBeats = r.next();
  c.inputs = r.bytes();
  uint32_t tensors = r.next();
  for (uint32_t k = 0; k < tensors; k++) {
    Tensor t{};
    t.layer = r.next(); t.region = r.next(); t.offset = r.next(); t.ringShift = r.next(); t.ringMask = r.next();
    t.beats = r.next(); t.delay = r.next();
    t.expected = r.bytes();
    c.tensors.push_back(std::move(t));
  }
  return c;
}

// Bits of a chunk's trace (nba_chunk).
enum TraceBit { kBusy = 0, kRun = 1, kStart = 2, kDone = 5, kKind = 8, kLayer = 10, kUnitBusy = 18, kReadWaits = 21, kArrayHas = 22,
                kArrayWaits = 23, kStoreHas = 26, kStoreWaits = 27, kReadAddress = 30, kWriteBus = 31 };

// What a chunk that stands still waits for, unit by unit.
std::string explain(uint64_t trace) {
  static const char* const kinds[] = {"input", "weights", "parameters", "operand"};
  auto bit = [&](int k) { return (trace >> k & 1) != 0; };
  if (!bit(kRun)) return bit(kBusy) ? "loads its descriptor" : "idle";
  std::string text;
  auto say = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const std::string kind = kinds[trace >> kKind & 3];
  if (bit(kUnitBusy)) say(std::string("read waits for ") + (bit(kReadAddress) ? "the bus to take an address of its " : "beats of its ") + kind);
  else if (bit(kReadWaits)) say("read waits for a free token of the " + kind + " buffer");
  static const char* const arrayTokens[] = {"a full token of the input buffer", "a full token of the weights buffer", "a free token of the partial sums"};
  if (bit(kUnitBusy + 1)) say("array runs");
  else if (bit(kArrayHas))
    for (int k = 0; k < 3; k++) if (bit(kArrayWaits + k)) say(std::string("array waits for ") + arrayTokens[k]);
  static const char* const storeTokens[] = {"a full token of the partial sums", "a full token of the parameters buffer", "a full token of the operand buffer"};
  if (bit(kUnitBusy + 2)) say(bit(kWriteBus) ? "store waits for the bus to take an address or a beat" : "store waits for a write response");
  else if (bit(kStoreHas))
    for (int k = 0; k < 3; k++) if (bit(kStoreWaits + k)) say(std::string("store waits for ") + storeTokens[k]);
  return text.empty() ? "no unit holds a command" : text;
}

struct ReadBurst { uint64_t accepted; uint64_t beat; int left; };
struct WriteBurst { uint64_t beat; int left; };

struct Channel {
  std::deque<ReadBurst> reads;
  std::deque<WriteBurst> writes;
  std::deque<uint64_t> answers;
  uint32_t readSlot = 0, writeSlot = 0;
  // What was offered and not taken in the previous cycle must still be there.
  bool arHeld = false, awHeld = false, wHeld = false;
  uint32_t arAddress = 0, awAddress = 0;
  BusData wData = 0;
};

// Measurements of one layer of one chunk.
struct LayerTime { uint64_t first = 0, low = ~0ull, high = 0, runs = 0; };

// What tb/predicted.txt says: cycles of layers (by chunk and position) and of epochs (by case).
struct Predicted {
  struct Layer { int chunk; size_t index; uint64_t cycles; std::string name; };
  std::vector<Layer> layers;
  std::vector<std::vector<uint64_t>> epochs;

  static Predicted read(const char* path) {
    Predicted p;
    FILE* in = std::fopen(path, "r");
    if (in == nullptr) { std::fprintf(stderr, "harness: cannot open %s\n", path); std::exit(2); }
    char kind[16], name[256];
    unsigned long long first, second, cycles;
    while (std::fscanf(in, "%15s %llu %llu %llu", kind, &first, &second, &cycles) == 4) {
      if (std::string(kind) == "layer") {
        if (std::fscanf(in, "%255s", name) != 1) break;
        p.layers.push_back({static_cast<int>(first), static_cast<size_t>(second), cycles, name});
      } else {
        if (p.epochs.size() <= first) p.epochs.resize(first + 1);
        p.epochs[first].push_back(cycles);
      }
    }
    std::fclose(in);
    return p;
  }
};

// A host program that prepares, starts and reads the design where the bench would have written registers itself.
struct Host {
  struct Access {
    std::function<void(uint32_t, uint32_t)> write;
    std::function<uint32_t(uint32_t)> read;
  };
  virtual ~Host() = default;
  // Memory begins at bus address `address`; the four regions lie there page by page, in the order of their registers.
  virtual void prepare(const Case& c, const Access& access, uint8_t* memory, uint32_t address) = 0;
  virtual void start(const Case& c, bool prologue) = 0;
  virtual void finish(const Case& c) = 0;
};

class Bench {
 public:
  Bench(Top& top, FILE* commands, uint32_t stalls) : top_(top), commands_(commands), stalls_(stalls) {
    bindPorts(top, ports_);
    random_ = stalls * 2654435761u + 1;
  }

  // Runs one case and prints one line of JSON; returns whether everything was equal.
  bool run(const Case& c, int index);
  uint64_t cycles() const { return now_; }
  // Not 0: the last read beat, or write burst where negative, that is answered.
  int64_t silent = 0;
  // Not 0: answer that read beat, or that write burst where negative, with an error.
  int64_t busError = 0;
  Host* host = nullptr;
  // Runs a case into a bus error; returns whether the design stopped and reported it.
  bool runIntoError(const Case& c, int index) {
    failing_ = true;
    bool stopped = run(c, index);
    failing_ = false;
    restart_ = true;
    stopped_ = stopped;
    return stopped;
  }
  // Not null: print a table instead of JSON, and take a difference in cycles for a failure.
  const Predicted* predicted = nullptr;
#if VM_TRACE
  VerilatedFstC* wave = nullptr;
#endif

 private:
  Top& top_;
  FILE* commands_;
  uint32_t stalls_, random_;
  Port ports_[kPorts];
  uint64_t now_ = 0, time_ = 0;
  bool failing_ = false, restart_ = false, stopped_ = true, prologueFailed_ = false;

  bool stall() {
    if (stalls_ == 0) return false;
    random_ = random_ * 1664525u + 1013904223u;
    return (random_ >> 24) % 4 == 0;
  }
  void tick() {
    top_.aclk = 1;
    top_.eval();
    dump();
  }
  void settle() {
    top_.aclk = 0;
    top_.eval();
    dump();
  }
  void dump() {
#if VM_TRACE
    if (wave != nullptr) wave->dump(time_);
#endif
    time_++;
  }
  void reset() {
    top_.aresetn = 0;
    top_.s_axi_awvalid = top_.s_axi_wvalid = top_.s_axi_arvalid = 0;
    top_.s_axi_bready = top_.s_axi_rready = 1;
    top_.s_axi_wstrb = 15;
    for (Port& p : ports_) *p.arready = *p.rvalid = *p.awready = *p.wready = *p.bvalid = *p.rresp = *p.bresp = 0;
    for (int k = 0; k < 4; k++) { settle(); tick(); }
    top_.aresetn = 1;
  }
  void write(uint32_t address, uint32_t data) {
    top_.s_axi_awaddr = address;
    top_.s_axi_wdata = data;
    top_.s_axi_awvalid = top_.s_axi_wvalid = 1;
    for (;;) {
      settle();
      bool taken = top_.s_axi_awready && top_.s_axi_wready;
      tick();
      if (taken) break;
    }
    top_.s_axi_awvalid = top_.s_axi_wvalid = 0;
  }
  uint32_t read(uint32_t address) {
    top_.s_axi_araddr = address;
    top_.s_axi_arvalid = 1;
    for (;;) {
      settle();
      bool taken = top_.s_axi_arready;
      tick();
      if (taken) break;
    }
    top_.s_axi_arvalid = 0;
    for (;;) {
      settle();
      bool valid = top_.s_axi_rvalid;
      uint32_t data = top_.s_axi_rdata;
      tick();
      if (valid) return data;
    }
  }
};

bool Bench::run(const Case& c, int index) {
  constexpr uint64_t kPage = 4096 / kBusBytes;
  auto align = [](uint64_t beats) { return (beats + kPage - 1) / kPage * kPage; };
  uint64_t base[4], total = kPage;  // address 0 stays unused, so that a forgotten base is seen
  for (int k = 0; k < 4; k++) { base[k] = total; total += align(c.regionBeats[k]); }
  std::vector<uint8_t> memory(total * kBusBytes);
  for (size_t k = 0; k < memory.size(); k++) memory[k] = static_cast<uint8_t>((k * 2654435761u) >> 13);
  if (host == nullptr) {
    std::memcpy(&memory[base[0] * kBusBytes], c.weights.data(), c.weights.size());
    for (uint32_t i = 0; i < c.images; i++)
      std::memcpy(&memory[(base[2] + (static_cast<uint64_t>(i) << c.inputShift)) * kBusBytes],
                  &c.inputs[static_cast<size_t>(i) * c.inputBeats * kBusBytes],
                  static_cast<size_t>(c.inputBeats) * kBusBytes);
  }

  const bool restarted = restart_;
  if (!restart_) {
    reset();
    if (host == nullptr) for (const auto& w : c.writes) write(w.first, w.second);
  }
  restart_ = false;
  if (host != nullptr) {
    const Host::Access access = {[this](uint32_t a, uint32_t d) { write(a, d); }, [this](uint32_t a) { return read(a); }};
    host->prepare(c, access, &memory[kPage * kBusBytes], kPage * kBusBytes);
  } else {
    for (int k = 0; k < 4; k++) write(0x030 + 4 * k, static_cast<uint32_t>(base[k] * kBusBytes));
    write(0x018, c.images);
    write(0x01c, c.depth);
    write(0x020, c.OT);
    write(0x044, c.S | (c.L + c.S + 2) << 8 | (c.S + c.Lw + 2) << 20);
  }
  std::vector<Channel> channels(kPorts);
  std::vector<std::vector<LayerTime>> layers(kChunks);
  std::vector<std::vector<uint64_t>> chunkCycles(kChunks);  // per epoch
  std::vector<uint64_t> epochCycles, busy(kChunks, 0);
  std::vector<uint64_t> layerStart(kChunks, 0), sequence(kChunks, 0);
  std::vector<bool> wasRunning(kChunks, false);
  std::vector<uint64_t> unitStart(kChunks * 3, 0);
  uint64_t axiErrors = 0, mismatches = 0, readBeats = 0, writeBeats = 0, answers = 0, offeredBeats = 0, offeredAnswers = 0;
  std::string firstMismatch = "null", firstAxiError;
  now_ = 0;
  uint64_t epochStart = 0, lastProgress = 0;
  int64_t epoch = -1;
  uint64_t words[kChunks] = {};
  bool hang = false;

  auto axiError = [&](int port, const char* what) {
    if (axiErrors++ == 0)
      firstAxiError = "port " + std::to_string(port) + ": " + what + " in cycle " + std::to_string(now_);
  };
  auto compare = [&](const Tensor& t, uint32_t image) {
    std::vector<uint8_t> chip;
    if (t.region >= kChipRegion) {
      chip.resize(static_cast<size_t>(t.beats) * kBusBytes);
      for (uint32_t k = 0; k < t.beats; k++) {
        BusData beat = chipBeat(top_, static_cast<int>(t.region - kChipRegion), t.offset + k);
        std::memcpy(&chip[static_cast<size_t>(k) * kBusBytes], &beat, kBusBytes);
      }
    }
    const uint8_t* got = !chip.empty() ? chip.data() : &memory[(base[t.region] + t.offset + (static_cast<uint64_t>(image & t.ringMask) << t.ringShift)) * kBusBytes];
    const uint8_t* want = &t.expected[static_cast<size_t>(image) * t.beats * kBusBytes];
    size_t size = static_cast<size_t>(t.beats) * kBusBytes;
    if (std::memcmp(got, want, size) == 0) return;
    mismatches++;
    if (firstMismatch != "null") return;
    size_t k = 0;
    while (got[k] == want[k]) k++;
    firstMismatch = "{\"layer\":" + std::to_string(t.layer) + ",\"image\":" + std::to_string(image) +
                    ",\"byte\":" + std::to_string(k) + ",\"expected\":[";
    size_t from = k / kBusBytes * kBusBytes;
    for (int b = 0; b < kBusBytes; b++) firstMismatch += (b ? "," : "") + std::to_string(want[from + b]);
    firstMismatch += "],\"got\":[";
    for (int b = 0; b < kBusBytes; b++) firstMismatch += (b ? "," : "") + std::to_string(got[from + b]);
    firstMismatch += "]}";
  };
  // An epoch (or image) has ended: every tensor it produced must be what the integer model says.
  auto endEpoch = [&]() {
    if (epoch < 0) return;
    epochCycles.push_back(now_ - epochStart);
    for (int p = 0; p < kChunks; p++) { chunkCycles[p].push_back(busy[p]); busy[p] = 0; }
    for (const Tensor& t : c.tensors) {
      int64_t image = c.mode == 0 ? epoch : epoch - t.delay;
      if (image >= 0 && image < c.images) compare(t, static_cast<uint32_t>(image));
    }
  };

  uint64_t prologueCycles = 0;
  // Phase 0 copies resident weights on chip, phase 1 is the run.
  auto errorMet = [&]() {
    return busError > 0 ? offeredBeats >= static_cast<uint64_t>(busError) : offeredAnswers >= static_cast<uint64_t>(-busError);
  };
  const bool fill = c.prologue && (!restarted || prologueFailed_);
  prologueFailed_ = false;
  for (int phase = fill ? 0 : 1; phase < 2; phase++) {
    if (host != nullptr) host->start(c, phase == 0);
    else write(kCsrControl, 1 | (phase == 0 ? 8 : c.mode == 0 ? 2 : 0));
    for (Channel& ch : channels) ch = Channel{};
    now_ = 0;
    epoch = -1;
    lastProgress = epochStart = 0;
    bool done = false;
    while (!done) {
      // The clock falls with this cycle's answers: evaluating the model is what a simulation's time goes into.
      top_.aclk = 0;
      // Read data and write answers of this cycle, decided before the design is asked for anything.
      for (int p = 0; p < kPorts; p++) {
        Port& port = ports_[p];
        Channel& ch = channels[p];
        *port.rvalid = *port.rlast = 0;
        const bool readSilent = silent > 0 && static_cast<int64_t>(readBeats) >= silent;
        if (!ch.reads.empty() && now_ > ch.reads.front().accepted + c.L && !readSilent && !stall()) {
          if (++ch.readSlot == c.S) {
            ReadBurst& burst = ch.reads.front();
            ch.readSlot = 0;
            *port.rvalid = 1;
            *port.rlast = burst.left == 1;
            BusData data = 0;
            std::memcpy(&data, &memory[burst.beat * kBusBytes], kBusBytes);
            *port.rdata = data;
            *port.rresp = failing_ && busError > 0 && static_cast<int64_t>(++offeredBeats) == busError ? 2 : 0;
          }
        }
        const bool writeSilent = silent < 0 && static_cast<int64_t>(answers) >= -silent;
        *port.bvalid = !ch.answers.empty() && ch.answers.front() <= now_ && !writeSilent && !stall();
        *port.bresp = *port.bvalid && failing_ && busError < 0 && static_cast<int64_t>(++offeredAnswers) == -busError ? 2 : 0;
        *port.arready = !stall();
        *port.awready = !stall();
        *port.wready = 0;
      }
      top_.eval();
      bool taken = false;
      for (int p = 0; p < kPorts; p++) {
        Port& port = ports_[p];
        Channel& ch = channels[p];
        if (*port.wvalid && !stall() && ++ch.writeSlot == c.S) { ch.writeSlot = 0; *port.wready = 1; taken = true; }
      }
      if (taken) top_.eval();
      dump();

      for (int p = 0; p < kChunks; p++) {
        uint64_t trace = bitsOf(top_.unit_trace, p * kTraceBits, kTraceBits);
        words[p] = trace;
        bool running = trace >> 1 & 1;
        int layer = static_cast<int>(trace >> 10 & 0xff);
        if (trace & 1) busy[p]++;
        if (running && !wasRunning[p]) layerStart[p] = now_;
        if (running) {
          for (int u = 0; u < 3; u++) {
            if (trace >> (5 + u) & 1) {
              if (commands_ != nullptr && phase == 1 && !failing_) {
                uint32_t record[8] = {static_cast<uint32_t>(index), static_cast<uint32_t>(p), static_cast<uint32_t>(sequence[p]),
                                      static_cast<uint32_t>(layer), static_cast<uint32_t>(u),
                                      static_cast<uint32_t>(u == 0 ? trace >> 8 & 3 : 0),
                                      static_cast<uint32_t>(unitStart[p * 3 + u] - layerStart[p]),
                                      static_cast<uint32_t>(now_ - layerStart[p])};
                std::fwrite(record, sizeof record, 1, commands_);
              }
              lastProgress = now_;
            }
            if (trace >> (2 + u) & 1) unitStart[p * 3 + u] = now_;
          }
        } else if (wasRunning[p]) {
          uint64_t cycles = now_ - layerStart[p];
          int ended = layer - 1;  // the counter has moved on
          if (ended >= static_cast<int>(layers[p].size())) layers[p].resize(ended + 1);
          LayerTime& time = layers[p][ended];
          if (time.runs++ == 0) time.first = cycles;
          if (cycles < time.low) time.low = cycles;
          if (cycles > time.high) time.high = cycles;
          sequence[p]++;
        }
        wasRunning[p] = running;
      }
      if (phase == 0) {
        if (top_.run_done) prologueCycles = now_ - epochStart;
      } else if (top_.epoch_go || top_.run_done) endEpoch();
      if (top_.epoch_go) { epoch++; epochStart = now_; lastProgress = now_; }
      // The done pulse ends the last epoch exactly as the next epoch's start would have.
      if (top_.run_done) done = true;

      for (int p = 0; p < kPorts; p++) {
        Port& port = ports_[p];
        Channel& ch = channels[p];
        const uint32_t most = kSlots[p] > 1 ? kPending : c.OT;
        if (*port.arvalid) {
          if (ch.arHeld && ch.arAddress != *port.araddr) axiError(p, "read address changed while waiting");
          ch.arHeld = !*port.arready;
          ch.arAddress = *port.araddr;
        } else if (ch.arHeld) axiError(p, "read address withdrawn");
        if (*port.awvalid) {
          if (ch.awHeld && ch.awAddress != *port.awaddr) axiError(p, "write address changed while waiting");
          ch.awHeld = !*port.awready;
          ch.awAddress = *port.awaddr;
        } else if (ch.awHeld) axiError(p, "write address withdrawn");
        if (*port.wvalid) {
          if (ch.wHeld && ch.wData != *port.wdata) axiError(p, "write data changed while waiting");
          ch.wHeld = !*port.wready;
          ch.wData = *port.wdata;
        } else if (ch.wHeld) axiError(p, "write data withdrawn");

        if (*port.rvalid) {
          ReadBurst& burst = ch.reads.front();
          burst.beat++;
          readBeats++;
          if (--burst.left == 0) ch.reads.pop_front();
        }
        auto checkBurst = [&](uint64_t address, int beats, int size, int type) {
          if (address % kBusBytes) axiError(p, "unaligned address");
          if (address / 4096 != (address + static_cast<uint64_t>(beats) * kBusBytes - 1) / 4096) axiError(p, "burst across 4 KiB");
          if (address / kBusBytes + beats > total) { axiError(p, "address outside memory"); return false; }
          if ((1 << size) != kBusBytes || type != 1) axiError(p, "burst is not INCR of full width");
          return true;
        };
        if (*port.arvalid && *port.arready) {
          int beats = *port.arlen + 1;
          if (checkBurst(*port.araddr, beats, *port.arsize, *port.arburst))
            ch.reads.push_back({now_, *port.araddr / kBusBytes, beats});
          if (ch.reads.size() > most) axiError(p, "more read bursts outstanding than allowed");
        }
        if (*port.wvalid && *port.wready) {
          if (ch.writes.empty()) axiError(p, "write data before its address");
          else {
            WriteBurst& burst = ch.writes.front();
            BusData data = *port.wdata;
            std::memcpy(&memory[burst.beat * kBusBytes], &data, kBusBytes);
            burst.beat++;
            writeBeats++;
            bool last = --burst.left == 0;
            if (last != static_cast<bool>(*port.wlast)) axiError(p, "WLAST in the wrong beat");
            if (last) { ch.writes.pop_front(); ch.answers.push_back(now_ + c.Lw); }
          }
        }
        if (*port.bvalid) { ch.answers.pop_front(); answers++; }
        if (*port.awvalid && *port.awready) {
          int beats = *port.awlen + 1;
          if (checkBurst(*port.awaddr, beats, *port.awsize, *port.awburst))
            ch.writes.push_back({*port.awaddr / kBusBytes, beats});
          if (ch.writes.size() + ch.answers.size() > most) axiError(p, "more write bursts outstanding than allowed");
        }
      }
      tick();
      now_++;
      if (now_ > c.limit || now_ - lastProgress > 200000 + 64ull * c.L * c.S) { hang = true; done = true; }
    }
    if (phase == 0) {
      for (auto& times : layers) times.clear();
      std::fill(busy.begin(), busy.end(), 0);
      std::fill(sequence.begin(), sequence.end(), 0);
      wasRunning.assign(kChunks, false);
      prologueFailed_ = failing_ && errorMet();
      if (hang || prologueFailed_) break;
    }
  }
  uint64_t used = now_;
  if (host != nullptr && !hang) host->finish(c);
  uint32_t status = hang ? 1 : read(kCsrStatus);
  std::string stood;
  if (hang) {
    stood = "no progress since cycle " + std::to_string(lastProgress) + ":";
    for (int k = 0; k < kChunks; k++)
      stood += (k ? "; chunk " : " chunk ") + std::to_string(k) + " layer " + std::to_string(words[k] >> kLayer & 0xff) + ": " + explain(words[k]);
  }
  if (failing_) {
    return !hang && (!errorMet() || status == 6);  // done and error, not busy
  }
  bool good = !hang && mismatches == 0 && axiErrors == 0 && (status & 5) == 0;
  if (predicted != nullptr) {
    std::printf("case %d: %u images, %s mode, %s\n", index, c.images, c.mode == 0 ? "latency" : "throughput",
                good ? "every tensor equal to the integer model" : "FAILED");
    std::printf("  %-32s %5s %12s %12s\n", "layer", "chunk", "predicted", "simulated");
    for (const Predicted::Layer& l : predicted->layers) {
      LayerTime t = l.index < layers[l.chunk].size() ? layers[l.chunk][l.index] : LayerTime{};
      bool equal = t.runs == c.images && t.low == l.cycles && t.high == l.cycles;
      std::printf("  %-32s %5d %12" PRIu64 " %12" PRIu64 "%s\n", l.name.c_str(), l.chunk, l.cycles, t.first, equal ? "" : "  DIFFERENT");
      good = good && equal;
    }
    const std::vector<uint64_t> none, &want = static_cast<size_t>(index) < predicted->epochs.size() ? predicted->epochs[index] : none;
    for (size_t e = 0; e < epochCycles.size(); e++) {
      uint64_t expected = e < want.size() ? want[e] : 0;
      bool equal = epochCycles[e] == expected;
      std::printf("  %-32s %5s %12" PRIu64 " %12" PRIu64 "%s\n", ((c.mode == 0 ? "image " : "epoch ") + std::to_string(e)).c_str(),
                  "all", expected, epochCycles[e], equal ? "" : "  DIFFERENT");
      good = good && equal;
    }
    if (hang) std::printf("  %s\n", stood.c_str());
    if (mismatches) std::printf("  first difference %s\n", firstMismatch.c_str());
    if (axiErrors) std::printf("  bus: %s\n", firstAxiError.c_str());
    return good;
  }

  std::printf("{\"case\":%d,\"mode\":\"%s\",\"images\":%u,\"bitExact\":%s,\"mismatches\":%" PRIu64 ",\"firstMismatch\":%s,",
              index, c.mode == 0 ? "latency" : "throughput", c.images, mismatches == 0 && !hang ? "true" : "false",
              mismatches, firstMismatch.c_str());
  std::printf("\"axiErrors\":%" PRIu64 ",\"firstAxiError\":\"%s\",\"status\":%u,\"cycles\":%" PRIu64
              ",\"readBeats\":%" PRIu64 ",\"writeBeats\":%" PRIu64 ",\"layers\":[",
              axiErrors, firstAxiError.c_str(), status, used, readBeats, writeBeats);
  bool comma = false;
  for (int p = 0; p < kChunks; p++)
    for (size_t l = 0; l < layers[p].size(); l++) {
      const LayerTime& t = layers[p][l];
      std::printf("%s{\"chunk\":%d,\"index\":%zu,\"runs\":%" PRIu64 ",\"cycles\":%" PRIu64 ",\"lowest\":%" PRIu64 ",\"highest\":%" PRIu64 "}",
                  comma ? "," : "", p, l, t.runs, t.first, t.low, t.high);
      comma = true;
    }
  std::printf("],\"epochs\":[");
  for (size_t e = 0; e < epochCycles.size(); e++) std::printf("%s%" PRIu64, e ? "," : "", epochCycles[e]);
  std::printf("],\"chunks\":[");
  for (int p = 0; p < kChunks; p++) {
    std::printf("%s[", p ? "," : "");
    for (size_t e = 0; e < chunkCycles[p].size(); e++) std::printf("%s%" PRIu64, e ? "," : "", chunkCycles[p][e]);
    std::printf("]");
  }
  std::printf("],\"prologueCycles\":%" PRIu64 ",\"stoppedOnError\":%s,\"hang\":", prologueCycles, stopped_ ? "true" : "false");
  if (!hang) std::printf("null");
  else std::printf("\"%s\"", stood.c_str());
  std::printf("}\n");
  std::fflush(stdout);
  return good;
}

}  // namespace

#ifdef NBA_HOST
#include NBA_HOST  // defines makeHost()
#endif

int main(int argc, char** argv) {
  const char *file = nullptr, *commandFile = nullptr, *waveFile = nullptr, *predictedFile = nullptr;
  uint32_t stalls = 0;
  int64_t busError = 0, silent = 0;
  for (int k = 1; k < argc; k++) {
    std::string arg = argv[k];
    if (arg == "--commands" && k + 1 < argc) commandFile = argv[++k];
    else if (arg == "--predicted" && k + 1 < argc) predictedFile = argv[++k];
    else if (arg == "--bus-error" && k + 1 < argc) busError = std::strtoll(argv[++k], nullptr, 10);
    else if (arg == "--silent" && k + 1 < argc) silent = std::strtoll(argv[++k], nullptr, 10);
    else if (arg == "--stalls" && k + 1 < argc) stalls = static_cast<uint32_t>(std::strtoul(argv[++k], nullptr, 10));
    else if (arg == "--trace" && k + 1 < argc) waveFile = argv[++k];
    else if (arg[0] != '+') file = argv[k];
  }
  if (file == nullptr) { std::fprintf(stderr, "usage: harness CASES [--commands FILE] [--predicted FILE] [--stalls SEED] [--bus-error N] [--silent N] [--trace FILE.fst]\n"); return 2; }
  Reader reader;
  FILE* in = std::fopen(file, "rb");
  if (in == nullptr) { std::fprintf(stderr, "harness: cannot open %s\n", file); return 2; }
  std::fseek(in, 0, SEEK_END);
  reader.words.resize(static_cast<size_t>(std::ftell(in)) / 4);
  std::rewind(in);
  if (std::fread(reader.words.data(), 4, reader.words.size(), in) != reader.words.size()) return 2;
  std::fclose(in);
  if (reader.next() != kMagic) { std::fprintf(stderr, "harness: %s is no case file\n", file); return 2; }
  uint32_t cases = reader.next();

  VerilatedContext context;
  context.commandArgs(argc, argv);
  context.traceEverOn(waveFile != nullptr);
  Top top{&context};
  FILE* commands = commandFile == nullptr ? nullptr : std::fopen(commandFile, "wb");
  Bench bench(top, commands, stalls);
  bench.busError = busError;
#ifdef NBA_HOST
  std::unique_ptr<Host> host(makeHost());
  bench.host = host.get();
#endif
  bench.silent = silent;
  Predicted predicted;
  if (predictedFile != nullptr) { predicted = Predicted::read(predictedFile); bench.predicted = &predicted; }
#if VM_TRACE
  VerilatedFstC wave;
  if (waveFile != nullptr) { top.trace(&wave, 99); wave.open(waveFile); bench.wave = &wave; }
#else
  if (waveFile != nullptr) { std::fprintf(stderr, "harness: built without --trace\n"); return 2; }
#endif
  bool good = true;
  uint64_t cycles = 0;
  std::timespec begin{}, end{};
  std::timespec_get(&begin, TIME_UTC);
  for (uint32_t k = 0; k < cases; k++) {
    Case c = readCase(reader);
    if (busError != 0 && !bench.runIntoError(c, static_cast<int>(k))) {
      std::fprintf(stderr, "harness: case %u did not stop and report its bus error\n", k);
      good = false;
    }
    good = bench.run(c, static_cast<int>(k)) && good;
    cycles += bench.cycles();
  }
  std::timespec_get(&end, TIME_UTC);
  double seconds = static_cast<double>(end.tv_sec - begin.tv_sec) + 1e-9 * static_cast<double>(end.tv_nsec - begin.tv_nsec);
  if (predictedFile != nullptr) std::printf("%s, %" PRIu64 " cycles, %.1f kilo-cycles/s\n", good ? "all equal" : "DIFFERENT", cycles, seconds > 0 ? static_cast<double>(cycles) / 1000 / seconds : 0.0);
  else std::printf("{\"summary\":true,\"cases\":%u,\"good\":%s,\"cycles\":%" PRIu64 ",\"kiloCyclesPerSecond\":%.1f}\n",
              cases, good ? "true" : "false", cycles, seconds > 0 ? static_cast<double>(cycles) / 1000 / seconds : 0.0);
  if (commands != nullptr) std::fclose(commands);
#if VM_TRACE
  if (waveFile != nullptr) wave.close();
#endif
  top.final();
  return good ? 0 : 1;
}
