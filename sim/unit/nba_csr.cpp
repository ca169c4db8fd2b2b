// nba_csr over AXI4-Lite with random waits: identity, read-back of every register, program window, start and status.
#include "bench.hpp"

namespace {

constexpr int kChunks = 3;

struct Bench {
  Vdut dut;
  Random random;
  Checks checks;
  uint64_t starts = 0;

  void cycle() { tick(dut); starts += dut.start_o; }
  // Address and data come in any order, the answer waits for the master.
  void write(uint32_t address, uint32_t data, bool window = false) {
    dut.aw_address_i = address;
    dut.w_data_i = data;
    for (bool taken = false; !taken;) {
      dut.aw_valid_i = dut.aw_valid_i || random.chance(3);
      dut.w_valid_i = dut.w_valid_i || random.chance(3);
      dut.eval();
      taken = dut.aw_ready_o && dut.w_ready_o;
      checks.equal("address and data are taken together", dut.aw_ready_o, dut.w_ready_o);
      checks.equal("taken only when both are there", taken && !(dut.aw_valid_i && dut.w_valid_i), 0);
      cycle();
      checks.equal("program_we_o", dut.program_we_o, taken && window ? 1u << (address >> 19 & 15) : 0);
    }
    if (window) {
      checks.equal("program_address_o", dut.program_address_o, address >> 2 & 0x1ffff);
      checks.equal("program_data_o", dut.program_data_o, data);
    }
    dut.aw_valid_i = dut.w_valid_i = 0;
    do { dut.b_ready_i = random.chance(4); dut.eval(); checks.equal("b_valid_o", dut.b_valid_o, 1); cycle(); } while (!dut.b_ready_i);
    checks.equal("one answer", dut.b_valid_o, 0);
  }
  uint32_t read(uint32_t address) {
    dut.ar_address_i = address;
    dut.ar_valid_i = 1;
    cycle();
    dut.ar_valid_i = 0;
    dut.ar_address_i = random.bits(24);
    uint32_t data = dut.r_data_o;
    do {
      dut.r_ready_i = random.chance(4);
      dut.eval();
      checks.equal("r_valid_o and r_data_o are held", dut.r_valid_o && dut.r_data_o == data, 1);
      cycle();
    } while (!dut.r_ready_i);
    return data;
  }
};

}  // namespace

int main() {
  Bench b;
  Vdut& dut = b.dut;
  Checks& checks = b.checks;
  dut.clk_i = dut.rst_ni = dut.aw_valid_i = dut.w_valid_i = dut.ar_valid_i = dut.busy_i = dut.done_i = dut.error_i = 0;
  b.cycle();
  dut.rst_ni = 1;
  checks.equal("ID", b.read(0x000), 0x4e424131);
  checks.equal("HASH_LOW", b.read(0x008), 0x89abcdef);
  checks.equal("HASH_HIGH", b.read(0x00c), 0x01234567);
  struct { uint32_t offset, mask; } registers[] = {{0x018, 0xffff}, {0x01c, 0xffff}, {0x020, 0x1f}, {0x024, 1},
    {0x030, ~0u}, {0x034, ~0u}, {0x038, ~0u}, {0x03c, ~0u}, {0x040, 0xffff}, {0x044, ~0u}, {0x080, 0xff}, {0x084, 0xff}, {0x088, 0xff}};
  for (int round = 0; round < 100; round++) {
    uint32_t values[13];
    for (int k = 0; k < 13; k++) b.write(registers[k].offset, values[k] = b.random.bits(32));
    for (int k = 0; k < 20; k++) b.write(0x800000 | b.random.bits(21) << 2, b.random.bits(32), true);
    b.write(0x000, ~0u);  // read-only
    b.write(0x08c, ~0u);  // no fourth chunk
    for (int k = 0; k < 13; k++) checks.equal("read-back", b.read(registers[k].offset), values[k] & registers[k].mask);
    checks.equal("no register", b.read(0x08c), 0);
    checks.equal("images_o", dut.images_o, values[0] & 0xffff);
    checks.equal("outstanding_o", dut.outstanding_o, values[2] & 0x1f);
    for (int k = 0; k < 4; k++) checks.equal("bases_o in beats", dut.bases_o[k], values[4 + k] >> 3);
    checks.equal("port_times_o", dut.port_times_o, values[9]);
    for (int c = 0; c < kChunks; c++) checks.equal("layers_o", dut.layers_o >> 8 * c & 0xff, values[10 + c] & 0xff);
    for (int k = 0; k < 4 * kChunks; k++) dut.counters_i[k] = b.random.bits(32);
    for (int k = 0; k < 4 * kChunks; k++) checks.equal("counter", b.read(0x200 + 4 * k), dut.counters_i[k]);
  }
  checks.equal("nothing started", b.starts, 0);
  b.write(0x024, 1);
  b.write(0x010, 3);
  checks.equal("one pulse of start_o", b.starts, 1);
  checks.equal("latency_o", dut.latency_o && b.read(0x010) == 2, 1);
  dut.busy_i = 1;
  for (int k = 0; k < 77; k++) b.cycle();
  b.write(0x010, 1);
  checks.equal("no start while busy", b.starts, 1);
  checks.equal("STATUS busy", b.read(0x014), 1);
  dut.error_i = 1; b.cycle(); dut.error_i = 0;
  checks.equal("an error is kept and stops the run", b.read(0x014) == 5 && dut.stop_o, 1);
  dut.done_i = 1; b.cycle(); dut.done_i = dut.busy_i = 0;
  checks.equal("STATUS done, error", b.read(0x014), 6);
  checks.equal("irq_o", dut.irq_o, 1);
  uint32_t counted = b.read(0x028);
  checks.equal("cycles count while busy, and stand still after", counted > 77 && b.read(0x028) == counted, 1);
  b.write(0x010, 4);
  checks.equal("STATUS cleared", b.read(0x014) + dut.irq_o, 0);
  return checks.finish();
}
