/* templates/driver/nba_design.h.hbs from src/emit/driver.ts. Do not edit.
 * Design layer_x, configuration e8e72410b792f279f53a407b11340a91a521c6aef61d07fefb03d29a4f6300a2.
 *
 * Registers and figures of the design, for the driver.
 */
#ifndef NBA_DESIGN_H
#define NBA_DESIGN_H

/* Byte offsets of registers; docs/registers.md says what they mean. */
#define NBA_REG_ID 0x000u
#define NBA_REG_VERSION 0x004u
#define NBA_REG_HASH_LOW 0x008u
#define NBA_REG_HASH_HIGH 0x00cu
#define NBA_REG_CONTROL 0x010u
#define NBA_REG_STATUS 0x014u
#define NBA_REG_IMAGES 0x018u
#define NBA_REG_DEPTH 0x01cu
#define NBA_REG_OUTSTANDING 0x020u
#define NBA_REG_IRQ_ENABLE 0x024u
#define NBA_REG_CYCLES_LOW 0x028u
#define NBA_REG_CYCLES_HIGH 0x02cu
#define NBA_REG_BASE_WEIGHTS 0x030u
#define NBA_REG_BASE_ACTIVATIONS 0x034u
#define NBA_REG_BASE_INPUT 0x038u
#define NBA_REG_BASE_OUTPUT 0x03cu
#define NBA_REG_ORDER_LENGTH 0x040u
#define NBA_REG_PORT_TIMES 0x044u
#define NBA_REG_LAYERS_0 0x080u
#define NBA_REG_BUSY_0 0x200u
#define NBA_REG_READ_STALL_0 0x204u
#define NBA_REG_SUM_STALL_0 0x208u
#define NBA_REG_WRITE_STALL_0 0x20cu

#define NBA_HASH_HIGH 0xe8e72410u
#define NBA_HASH_LOW 0xb792f279u
#define NBA_CHUNKS 1
#define NBA_BUS_BYTES 8
#define NBA_DEPTH 0
#define NBA_HAS_PROLOGUE 0
#define NBA_WEIGHTS_BYTES 8192
#define NBA_ACTIVATIONS_BYTES 0

/* Tensors: stored integers of lane bits, image after image. */
#define NBA_INPUT_ROWS 3
#define NBA_INPUT_COLUMNS 3
#define NBA_INPUT_CHANNELS 1
#define NBA_INPUT_LANE_BITS 8
#define NBA_INPUT_SIGNED 1
#define NBA_INPUT_ZERO 0
#define NBA_INPUT_IMAGE_BYTES 4096
#define NBA_OUTPUT_ROWS 3
#define NBA_OUTPUT_COLUMNS 3
#define NBA_OUTPUT_CHANNELS 1
#define NBA_OUTPUT_LANE_BITS 8
#define NBA_OUTPUT_SIGNED 1
#define NBA_OUTPUT_ZERO 0
#define NBA_OUTPUT_IMAGE_BYTES 4096

#endif
