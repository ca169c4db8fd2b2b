#include "nba.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_BYTES = 4096, CONTROL_START = 1, CONTROL_LATENCY = 2, CONTROL_PROLOGUE = 8 };
enum { STATUS_BUSY = 1, STATUS_DONE = 2, STATUS_ERROR = 4 };
enum { WEIGHTS, ACTIVATIONS, INPUT, OUTPUT };

static const uint32_t nba_id = 0x4e424131u;

static void mapped_write(void *context, uint32_t offset, uint32_t value) {
  ((volatile uint32_t *)context)[offset / 4] = value;
}

static uint32_t mapped_read(void *context, uint32_t offset) { return ((volatile uint32_t *)context)[offset / 4]; }

nba_bus nba_mapped(volatile uint32_t *registers) {
  nba_bus bus;
  bus.context = (void *)registers;
  bus.write32 = mapped_write;
  bus.read32 = mapped_read;
  return bus;
}

static void put(nba_device *device, uint32_t offset, uint32_t value) {
  device->bus.write32(device->bus.context, offset, value);
}

static uint32_t get(const nba_device *device, uint32_t offset) {
  return device->bus.read32(device->bus.context, offset);
}

static size_t region_bytes(int region, uint32_t images) {
  static const size_t bytes[4] = {NBA_WEIGHTS_BYTES, NBA_ACTIVATIONS_BYTES, NBA_INPUT_IMAGE_BYTES,
                                  NBA_OUTPUT_IMAGE_BYTES};
  const size_t all = region >= INPUT ? bytes[region] * images : bytes[region];
  return (all + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

size_t nba_memory_bytes(uint32_t max_images) {
  size_t total = 0;
  for (int region = WEIGHTS; region <= OUTPUT; region++) total += region_bytes(region, max_images);
  return total;
}

nba_result nba_open(nba_device *device, nba_bus bus, uint8_t *memory, uint32_t address, size_t bytes,
                    uint32_t max_images) {
  uint32_t at = 0;
  device->bus = bus;
  device->memory = memory;
  device->max_images = max_images;
  if (get(device, NBA_REG_ID) != nba_id || get(device, NBA_REG_HASH_LOW) != NBA_HASH_LOW ||
      get(device, NBA_REG_HASH_HIGH) != NBA_HASH_HIGH)
    return NBA_WRONG_DEVICE;
  if (address % PAGE_BYTES != 0 || max_images == 0 || max_images > 0xffff || nba_memory_bytes(max_images) > bytes)
    return NBA_BAD_MEMORY;
  for (int region = WEIGHTS; region <= OUTPUT; region++) {
    device->base[region] = at;
    put(device, NBA_REG_BASE_WEIGHTS + 4 * (uint32_t)region, address + at);
    at += (uint32_t)region_bytes(region, max_images);
  }
  put(device, NBA_REG_DEPTH, NBA_DEPTH);
  return NBA_OK;
}

nba_result nba_load_program(nba_device *device, const char *path) {
  unsigned address, value;
  int fields = EOF;
  FILE *file = fopen(path, "r");
  if (file == NULL) return NBA_BAD_FILE;
  while ((fields = fscanf(file, "%x %x", &address, &value)) == 2) put(device, address, value);
  fclose(file);
  return fields == EOF ? NBA_OK : NBA_BAD_FILE;
}

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

nba_result nba_load_weights(nba_device *device, const char *path) {
  char beat[2 * NBA_BUS_BYTES + 8];
  uint8_t *to = device->memory + device->base[WEIGHTS];
  size_t left = NBA_WEIGHTS_BYTES;
  FILE *file = fopen(path, "r");
  if (file == NULL) return NBA_BAD_FILE;
  while (left > 0 && fgets(beat, sizeof beat, file) != NULL) {
    /* One beat a line, highest byte first. */
    if (strlen(beat) < 2 * NBA_BUS_BYTES) break;
    for (int k = 0; k < NBA_BUS_BYTES; k++) {
      const int high = digit(beat[2 * k]), low = digit(beat[2 * k + 1]);
      if (high < 0 || low < 0) {
        fclose(file);
        return NBA_BAD_FILE;
      }
      to[NBA_BUS_BYTES - 1 - k] = (uint8_t)(high << 4 | low);
    }
    to += NBA_BUS_BYTES;
    left -= NBA_BUS_BYTES;
  }
  fclose(file);
  return left == 0 ? NBA_OK : NBA_BAD_FILE;
}

void nba_set_memory(nba_device *device, uint32_t outstanding, uint32_t latency, uint32_t beat_cycles,
                    uint32_t write_latency) {
  put(device, NBA_REG_OUTSTANDING, outstanding);
  put(device, NBA_REG_PORT_TIMES,
      beat_cycles | (latency + beat_cycles + 2) << 8 | (beat_cycles + write_latency + 2) << 20);
}

/* A tensor lies as [channel block][row][column][lane], one pixel of one block a beat, lane 0 lowest. */
static size_t bit_of(int pixels, int pixel, int channel, int lane_bits) {
  const int lanes = 8 * NBA_BUS_BYTES / lane_bits;
  const size_t beat = (size_t)(channel / lanes) * (size_t)pixels + (size_t)pixel;
  return beat * 8 * NBA_BUS_BYTES + (size_t)(channel % lanes) * (size_t)lane_bits;
}

void nba_write_input(nba_device *device, uint32_t image, const int32_t *values) {
  uint8_t *to = device->memory + device->base[INPUT] + (size_t)image * NBA_INPUT_IMAGE_BYTES;
  const int pixels = NBA_INPUT_ROWS * NBA_INPUT_COLUMNS, lanes = 8 * NBA_BUS_BYTES / NBA_INPUT_LANE_BITS;
  const int padded = (NBA_INPUT_CHANNELS + lanes - 1) / lanes * lanes;
  for (int pixel = 0; pixel < pixels; pixel++)
    for (int channel = 0; channel < padded; channel++) {
      /* Lanes beyond the channels hold the zero point. */
      const uint32_t value =
          (uint32_t)(channel < NBA_INPUT_CHANNELS ? values[pixel * NBA_INPUT_CHANNELS + channel] : NBA_INPUT_ZERO);
      const size_t bit = bit_of(pixels, pixel, channel, NBA_INPUT_LANE_BITS);
      for (size_t k = 0; k < NBA_INPUT_LANE_BITS; k++) {
        const uint8_t mask = (uint8_t)(1u << ((bit + k) % 8));
        uint8_t *byte = &to[(bit + k) / 8];
        *byte = (uint8_t)((value >> k & 1) != 0 ? *byte | mask : *byte & ~mask);
      }
    }
}

void nba_read_output(const nba_device *device, uint32_t image, int32_t *values) {
  const uint8_t *from = device->memory + device->base[OUTPUT] + (size_t)image * NBA_OUTPUT_IMAGE_BYTES;
  const int pixels = NBA_OUTPUT_ROWS * NBA_OUTPUT_COLUMNS;
  for (int pixel = 0; pixel < pixels; pixel++)
    for (int channel = 0; channel < NBA_OUTPUT_CHANNELS; channel++) {
      const size_t bit = bit_of(pixels, pixel, channel, NBA_OUTPUT_LANE_BITS);
      int32_t value = 0;
      for (size_t k = 0; k < NBA_OUTPUT_LANE_BITS; k++)
        value |= (int32_t)(from[(bit + k) / 8] >> ((bit + k) % 8) & 1) << k;
      if (NBA_OUTPUT_SIGNED && (value >> (NBA_OUTPUT_LANE_BITS - 1) & 1) != 0) value -= 1 << NBA_OUTPUT_LANE_BITS;
      values[pixel * NBA_OUTPUT_CHANNELS + channel] = value;
    }
}

nba_result nba_start(nba_device *device, uint32_t images, nba_mode mode) {
  static const uint32_t control[3] = {CONTROL_START, CONTROL_START | CONTROL_LATENCY, CONTROL_START | CONTROL_PROLOGUE};
  if (images > device->max_images) return NBA_BAD_MEMORY;
  if ((get(device, NBA_REG_STATUS) & STATUS_BUSY) != 0) return NBA_BUSY;
  put(device, NBA_REG_IMAGES, images);
  put(device, NBA_REG_CONTROL, control[mode]);
  return NBA_OK;
}

nba_result nba_wait(nba_device *device, uint32_t polls) {
  for (uint32_t k = 0; k < polls; k++) {
    const uint32_t status = get(device, NBA_REG_STATUS);
    if ((status & STATUS_DONE) != 0) return (status & STATUS_ERROR) != 0 ? NBA_BUS_ERROR : NBA_OK;
  }
  return NBA_BUSY;
}

uint64_t nba_cycles(nba_device *device) {
  const uint64_t high = get(device, NBA_REG_CYCLES_HIGH);
  return high << 32 | get(device, NBA_REG_CYCLES_LOW);
}

nba_counters nba_read_counters(nba_device *device, int chunk) {
  const uint32_t at = NBA_REG_BUSY_0 + 16 * (uint32_t)chunk;
  nba_counters counters;
  counters.busy = get(device, at);
  counters.read_stall = get(device, at + 4);
  counters.sum_stall = get(device, at + 8);
  counters.write_stall = get(device, at + 12);
  return counters;
}
