// The register map of nba_csr: the same data behind documents, driver and harness. A test reads it against the RTL.

export interface Register {
  readonly offset: number;
  readonly name: string;
  readonly access: 'read' | 'read/write';
  readonly meaning: string;
}

/** Registers of a design with that many chunks, by offset. */
export function registerMap(chunkCount: number): readonly Register[] {
  const layers = Array.from({ length: chunkCount }, (_, c) => ({
    offset: 0x080 + 4 * c,
    name: `LAYERS_${c}`,
    access: 'read/write' as const,
    meaning: `layers of chunk ${c}`,
  }));
  const bases = ['weights', 'activations', 'input', 'output'].map((region, k) => ({
    offset: 0x030 + 4 * k,
    name: `BASE_${region.toUpperCase()}`,
    access: 'read/write' as const,
    meaning: `byte address of the ${region} region, 4 KiB-aligned`,
  }));
  const counters = Array.from({ length: chunkCount }, (_, c) =>
    [
      ['BUSY', 'cycles busy'],
      ['READ_STALL', 'cycles its array waited for inputs or weights'],
      ['SUM_STALL', 'cycles its array waited for free partial sums'],
      ['WRITE_STALL', 'cycles a finished beat waited for the bus'],
    ].map(([name, meaning], k) => ({
      offset: 0x200 + 16 * c + 4 * k,
      name: `${name}_${c}`,
      access: 'read' as const,
      meaning: `${meaning}, chunk ${c}, since the start`,
    })),
  ).flat();
  return [
    { offset: 0x000, name: 'ID', access: 'read', meaning: '0x4E424131, "NBA1"' },
    { offset: 0x004, name: 'VERSION', access: 'read', meaning: 'major in the upper half' },
    { offset: 0x008, name: 'HASH_LOW', access: 'read', meaning: 'configuration hash, bits 31:0' },
    { offset: 0x00c, name: 'HASH_HIGH', access: 'read', meaning: 'configuration hash, bits 63:32' },
    {
      offset: 0x010,
      name: 'CONTROL',
      access: 'read/write',
      meaning:
        'bit 0 start, bit 1 latency mode, bit 2 clear done and error, bit 3 prologue (fill on-chip memories)',
    },
    {
      offset: 0x014,
      name: 'STATUS',
      access: 'read',
      meaning: 'bit 0 busy, bit 1 done, bit 2 bus error',
    },
    { offset: 0x018, name: 'IMAGES', access: 'read/write', meaning: 'images of a run' },
    {
      offset: 0x01c,
      name: 'DEPTH',
      access: 'read/write',
      meaning: 'largest delay of a layer, in epochs',
    },
    {
      offset: 0x020,
      name: 'OUTSTANDING',
      access: 'read/write',
      meaning: 'bursts outstanding, 1 to 16',
    },
    {
      offset: 0x024,
      name: 'IRQ_ENABLE',
      access: 'read/write',
      meaning: 'bit 0: interrupt when done',
    },
    {
      offset: 0x028,
      name: 'CYCLES_LOW',
      access: 'read',
      meaning: 'cycles of the last run, bits 31:0',
    },
    {
      offset: 0x02c,
      name: 'CYCLES_HIGH',
      access: 'read',
      meaning: 'cycles of the last run, bits 63:32',
    },
    ...bases,
    { offset: 0x040, name: 'ORDER_LENGTH', access: 'read/write', meaning: 'layers of an image' },
    {
      offset: 0x044,
      name: 'PORT_TIMES',
      access: 'read/write',
      meaning:
        'shared ports: bits 7:0 cycles S of a turn, 19:8 read hold L + S + 2, 31:20 write hold S + Lw + 2',
    },
    ...layers,
    ...counters,
  ];
}
