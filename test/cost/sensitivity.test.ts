// Every parameter of a design, a device, a memory and a table of energies changes some figure. The parameters are those
// of the schemas, so that a new one without effect, or without a change here that shows it, fails.

import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Accelerator, Chunk, Placement } from '../../src/accelerator/accelerator.ts';
import type { Device } from '../../src/accelerator/device.ts';
import { deviceSchema } from '../../src/accelerator/device-file.ts';
import { asic45nm } from '../../src/accelerator/devices/index.ts';
import { designSchema } from '../../src/cost/design-schema.ts';
import type { EnergyTable } from '../../src/cost/energy.ts';
import { energySchema } from '../../src/cost/energy-file.ts';
import { horowitz45nm } from '../../src/cost/energy-tables/index.ts';
import { estimate } from '../../src/cost/estimate.ts';
import { busBitsOf } from '../../src/explore/explore.ts';
import type { Network, Tensor } from '../../src/network/network.ts';
import { defaultMemory, type Memory } from '../../src/schedule/memory.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { tinyChunk } from '../accelerator/tiny-chunk.ts';

/** Paths of a schema's leaves; list indices are left out. */
function leavesOf(schema: z.core.$ZodType, path = ''): string[] {
  const def = schema._zod.def as unknown as Readonly<Record<string, unknown>>;
  const inner = (def.innerType ?? def.element ?? def.in) as z.core.$ZodType | undefined;
  if (inner !== undefined) return leavesOf(inner, path);
  if (def.type !== 'object') return [path];
  return Object.entries(def.shape as Record<string, z.core.$ZodType>).flatMap(([key, own]) =>
    leavesOf(own, path === '' ? key : `${path}.${key}`),
  );
}

const tensor = (name: string, shape: Tensor['shape']): Tensor => ({
  ...{ name, shape, bits: 8, signed: true, scale: 1, zeroPoint: 0 },
});
const window = {
  stride: [1, 1],
  weightBits: 8,
  groups: 1,
  clamp: { low: -128, high: 127 },
} as const;
const padding = { top: 1, bottom: 1, left: 1, right: 1 };
const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };
/** Large enough to be cut in every dimension. */
const network: Network = {
  name: 'sensitive',
  input: 'image',
  output: 'mean',
  tensors: [
    tensor('image', [12, 12, 16]),
    tensor('map', [12, 12, 24]),
    tensor('narrow', [12, 12, 16]),
    tensor('mean', [1, 1, 16]),
  ],
  operators: [
    {
      kind: 'conv',
      name: 'wide',
      input: 'image',
      output: 'map',
      kernel: [3, 3],
      padding,
      ...window,
    },
    {
      ...{ kind: 'conv', name: 'point', input: 'map', output: 'narrow', kernel: [1, 1] },
      ...{ padding: noPadding, ...window },
    },
    {
      kind: 'globalAveragePool',
      name: 'pool',
      input: 'narrow',
      output: 'mean',
      clamp: window.clamp,
    },
  ],
};

const firstChunk: Chunk = {
  ...tinyChunk,
  buffers: { input: 512, weights: 1024, parameters: 64, accumulators: 256, operand: 64 },
};
const firstPlacement: Placement = {
  ...{ layer: 'wide', chunk: 0, tile: { rows: 4, columns: 6, outputs: 16, inputs: 8 } },
};
const accelerator: Accelerator = {
  busBits: 64,
  chunks: [firstChunk, { ...firstChunk, name: 'depthwise', kind: 'depthwise', inputs: 1 }],
  placements: [
    firstPlacement,
    { layer: 'point', chunk: 0, tile: { rows: 4, columns: 12, outputs: 8, inputs: 8 } },
    { layer: 'pool', chunk: 1, tile: { rows: 1, columns: 1, outputs: 8, inputs: 8 } },
  ],
};

interface Case {
  readonly accelerator: Accelerator;
  readonly device: Device;
  readonly memory: Memory;
  readonly table: EnergyTable;
}

const base: Case = {
  accelerator,
  device: asic45nm,
  memory: defaultMemory,
  table: horowitz45nm,
};

/** Figures alone, without what only repeats the parameters; or the rules that are broken. */
function figuresOf({ accelerator, device, memory, table }: Case): string {
  try {
    const {
      chunks,
      layers,
      energyTable: _,
      ...figures
    } = estimate(network, accelerator, device, memory, table);
    const own = {
      chunks: chunks.map(({ cycles, resources }) => ({ cycles, resources })),
      layers: layers.map(({ cycles, energyMillijoules }) => ({ cycles, energyMillijoules })),
    };
    const busBits = busBitsOf(device);
    // An FPGA's counts bind where there is no silicon.
    const { silicon: __, ...fpga } = device;
    const counts = estimate(network, accelerator, fpga, memory, table).missing;
    return JSON.stringify({ ...figures, ...own, counts, busBits });
  } catch (error) {
    if (error instanceof AutoNbaError) return error.message;
    throw error;
  }
}

const before = figuresOf(base);
test('the design is legal', () => {
  expect(before).toMatch(/^\{/);
});
const isLegal = (figures: string): boolean => figures.startsWith('{');

const withAccelerator = (change: (accelerator: Accelerator) => Accelerator): Case => ({
  ...base,
  accelerator: change(base.accelerator),
});
const chunk = (change: Partial<Chunk>, only?: number): Case =>
  withAccelerator(({ chunks, ...rest }) => ({
    ...rest,
    chunks: chunks.map((own, c) => (c === (only ?? c) ? { ...own, ...change } : own)),
  }));
const placement = (change: Partial<Placement>, ofChunks: Partial<Chunk> = {}): Case =>
  withAccelerator(({ chunks, placements, ...rest }) => ({
    ...rest,
    chunks: chunks.map((own) => ({ ...own, ...ofChunks })),
    placements: placements.map((own, l) => (l === 0 ? { ...own, ...change } : own)),
  }));
const buffers = (change: Partial<Chunk['buffers']>) =>
  chunk({ buffers: { ...firstChunk.buffers, ...change } }, 0);
const tile = (change: Partial<Placement['tile']>) =>
  placement({ tile: { ...firstPlacement.tile, ...change } });
const registers = (change: Partial<NonNullable<Chunk['pipeline']>>) =>
  chunk({ pipeline: { rotation: 0, adders: 0, sums: 0, requantizer: 0, ...change } });

/** Per parameter of an accelerator, a change of it; what it makes illegal is named by the figures' text. */
const designChanges: Readonly<Record<string, Case>> = {
  busBits: withAccelerator((own) => ({ ...own, busBits: 32 })),
  'chunks.kind': chunk({ kind: 'depthwise', inputs: 1 }, 0),
  'chunks.rows': chunk({ rows: 2 }),
  'chunks.outputs': chunk({ outputs: 4 }),
  'chunks.inputs': chunk({ inputs: 1 }, 0),
  'chunks.slotBits': chunk({ slotBits: 16 }),
  'chunks.weightBits': chunk({ weightBits: 9 }),
  'chunks.requantizers': chunk({ requantizers: 2 }),
  'chunks.multiplier': chunk({ multiplier: 'lut' }),
  'chunks.order': chunk({ order: 'paper' }),
  'chunks.accumulatorBuffers': chunk({ accumulatorBuffers: 1 }),
  'chunks.hasAdd': chunk({ hasAdd: false }),
  'chunks.chipWords': chunk({ chipWords: 128 }),
  'chunks.port': chunk({ port: 0 }),
  'chunks.pipeline.rotation': registers({ rotation: 1 }),
  'chunks.pipeline.adders': registers({ adders: 1 }),
  'chunks.pipeline.sums': registers({ sums: 1 }),
  'chunks.pipeline.requantizer': registers({ requantizer: 1 }),
  'chunks.form': chunk({ form: 'tflite' }),
  'chunks.buffers.input': buffers({ input: 2048 }),
  'chunks.buffers.weights': buffers({ weights: 2048 }),
  'chunks.buffers.parameters': buffers({ parameters: 1024 }),
  'chunks.buffers.accumulators': buffers({ accumulators: 1024 }),
  'chunks.buffers.operand': buffers({ operand: 1024 }),
  'placements.layer': placement({ layer: 'another' }),
  'placements.chunk': placement({ chunk: 1 }),
  'placements.tile.rows': tile({ rows: 1 }),
  'placements.tile.columns': tile({ columns: 1 }),
  'placements.tile.outputs': tile({ outputs: 8 }),
  'placements.tile.inputs': tile({ inputs: 16 }),
  'placements.tile.first.rows': tile({ first: { rows: 2, outputs: 16 } }),
  'placements.tile.first.outputs': tile({ first: { rows: 4, outputs: 8 } }),
  'placements.weights': placement({ weights: 'resident' }, { chipWords: 4096 }),
  'placements.output': placement({ output: 'chip' }, { chipWords: 4096 }),
};

/** Changes that break a rule ; every other one must give figures. */
const illegal = ['chunks.kind', 'placements.chunk', 'placements.layer'];

/** What names things, and changes nothing. */
const labels = ['name', 'summary', 'source', 'part', 'chunks.name'];

describe('design', () => {
  const parameters = leavesOf(designSchema.shape.accelerator).filter(
    (path) => !labels.includes(path),
  );

  test('every parameter has a change', () => {
    expect(Object.keys(designChanges).sort()).toEqual([...parameters].sort());
  });

  test.each(parameters)('%s', (path) => {
    const after = figuresOf(designChanges[path] as Case);
    expect(after).not.toBe(before);
    expect(isLegal(after)).toBe(!illegal.includes(path));
  });
});

const silicon = (change: Partial<NonNullable<Device['silicon']>>): Device => ({
  ...asic45nm,
  silicon: { ...asic45nm.silicon, ...change },
});
const deviceChanges: Readonly<Record<string, Device>> = {
  dsp: { ...asic45nm, dsp: 1 },
  bram18: { ...asic45nm, bram18: 1 },
  lut: { ...asic45nm, lut: 1 },
  ff: { ...asic45nm, ff: 1 },
  ports: { ...asic45nm, ports: 1 },
  portBits: { ...asic45nm, portBits: 32 },
  clockMegahertz: { ...asic45nm, clockMegahertz: 50 },
  'silicon.areaMillimetres2': silicon({ areaMillimetres2: 0.001 }),
  'silicon.multiplierMillimetres2': silicon({ multiplierMillimetres2: 0.1 }),
  'silicon.memory18Millimetres2': silicon({ memory18Millimetres2: 0.1 }),
  'silicon.energyMillijoules': silicon({ energyMillijoules: 1e-9 }),
};

describe('device', () => {
  const parameters = leavesOf(deviceSchema).filter((path) => !labels.includes(path));

  test('every parameter has a change', () => {
    expect([...Object.keys(deviceChanges), 'family'].sort()).toEqual([...parameters].sort());
  });

  test.each(Object.entries(deviceChanges))('%s', (_path, device) => {
    expect(figuresOf({ ...base, device })).not.toBe(before);
  });

  test('family: only a chip has silicon', () => {
    expect(deviceSchema.safeParse(asic45nm).success).toBe(true);
    expect(deviceSchema.safeParse({ ...asic45nm, family: 'ecp5' }).success).toBe(false);
  });
});

test.each(Object.keys(defaultMemory))('memory: %s', (key) => {
  const changed = key === 'outstandingBursts' ? 1 : defaultMemory[key as keyof Memory] + 1;
  expect(figuresOf({ ...base, memory: { ...defaultMemory, [key]: changed } })).not.toBe(before);
});

test.each(leavesOf(energySchema).filter((path) => !labels.includes(path)))('energy: %s', (key) => {
  const table = { ...horowitz45nm, [key]: 2 * Number(horowitz45nm[key as keyof EnergyTable]) };
  expect(figuresOf({ ...base, table })).not.toBe(before);
});
