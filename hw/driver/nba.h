/* Driver of a generated design: load it, hand it images, start, wait, read results and counters.
 *
 * Plain C99, no allocation, no operating system: it needs a way to reach the registers and one block of memory that
 * both the processor and the design see (uncached, or flushed by the caller). Numbers of the design come from
 * nba_design.h. One device may be used by one thread at a time.
 */
#ifndef NBA_H
#define NBA_H

#include <stddef.h>
#include <stdint.h>

#include "nba_design.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How registers are reached; offsets are bytes, docs/registers.md. */
typedef struct {
  void *context;
  void (*write32)(void *context, uint32_t offset, uint32_t value);
  uint32_t (*read32)(void *context, uint32_t offset);
} nba_bus;

/* Registers that are mapped into memory. */
nba_bus nba_mapped(volatile uint32_t *registers);

typedef enum { NBA_THROUGHPUT, NBA_LATENCY, NBA_PROLOGUE } nba_mode;
typedef enum { NBA_OK, NBA_BUSY, NBA_BUS_ERROR, NBA_WRONG_DEVICE, NBA_BAD_MEMORY, NBA_BAD_FILE } nba_result;

typedef struct {
  nba_bus bus;
  uint8_t *memory;     /* as the processor sees it */
  uint32_t base[4];    /* offsets of weights, activations, input and output regions */
  uint32_t max_images;
} nba_device;

/* Cycles since the start, one chunk. */
typedef struct {
  uint32_t busy, read_stall, sum_stall, write_stall;
} nba_counters;

/* Bytes of memory that runs of so many images need. */
size_t nba_memory_bytes(uint32_t max_images);

/* Checks identity, configuration hash and room, lays out the memory and writes the base registers. `address` is
 * where the design sees the memory; it and the memory are aligned to 4 KiB. */
nba_result nba_open(nba_device *device, nba_bus bus, uint8_t *memory, uint32_t address, size_t bytes,
                    uint32_t max_images);

/* mem/program.mem into the design; mem/weights.mem into memory. */
nba_result nba_load_program(nba_device *device, const char *path);
nba_result nba_load_weights(nba_device *device, const char *path);

/* Bursts outstanding, 1 to 16, and the memory's read latency, cycles a beat and write latency (for shared ports). */
void nba_set_memory(nba_device *device, uint32_t outstanding, uint32_t latency, uint32_t beat_cycles,
                    uint32_t write_latency);

/* Stored integers, [row][column][channel]. */
void nba_write_input(nba_device *device, uint32_t image, const int32_t *values);
void nba_read_output(const nba_device *device, uint32_t image, int32_t *values);

/* Where NBA_HAS_PROLOGUE, a run in mode NBA_PROLOGUE must end before the first image. */
nba_result nba_start(nba_device *device, uint32_t images, nba_mode mode);

/* Looks at most `polls` times whether the run is over. */
nba_result nba_wait(nba_device *device, uint32_t polls);

uint64_t nba_cycles(nba_device *device);
nba_counters nba_read_counters(nba_device *device, int chunk);

#ifdef __cplusplus
}
#endif
#endif
