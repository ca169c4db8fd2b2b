// A run with everything in it, small enough to check by eye.

import { zc706 } from '../../src/accelerator/devices/zc706.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { tinyDesign } from '../synth/tiny-directory.ts';

const { prediction } = lowerDesign(tinyDesign, defaultMemory);

/** Only what every report has. */
export const smallest: ReportData = { design: tinyDesign, prediction, memory: defaultMemory };

const run = {
  mode: 'latency',
  memory: defaultMemory,
  images: 100,
  bitExact: true,
  cycleExact: true,
  firstMismatch: null,
  problem: null,
  layers: prediction.layers.map(({ name, chunk, cycles }) => ({
    name,
    chunk,
    predictedCycles: cycles,
    simulatedCycles: cycles,
  })),
  chunks: [],
  epochs: [{ predicted: 123_456, simulated: 123_456 }],
  simulatedCycles: 123_456,
} as const;

/** Everything a report can have. */
export const full: ReportData = {
  ...smallest,
  device: { ...zc706, name: 'zc706' },
  resources: { dsp: 450, bram18: 218, lut: 43_720, ff: 21_860 },
  synthesis: {
    family: 'xc7',
    rows: [{ resource: 'dsp', predicted: 450, synthesized: 449 }],
  },
  search: {
    accuracy: { float: 0.8852, integer: 0.8849 },
    choices: [
      { block: 'k5e6', bits: 6 },
      { block: 'skip', bits: 4 },
    ],
    provenOptimal: true,
    preset: 'micro',
    searchSeconds: 203.4,
    peakResidentBytes: 1.5 * 2 ** 30,
  },
  trace: [
    { step: 0, epoch: 0, phase: 'float', temperature: 5, loss: 2 },
    {
      step: 1,
      epoch: 1,
      phase: 'joint',
      temperature: 5,
      loss: 1,
      validationLoss: 1.25,
      expectedCycles: 4000,
      epochCycles: 5000,
      derived: ['k3e1:8', 'skip:8'],
    },
  ],
  verification: {
    bitExact: true,
    cycleExact: true,
    firstMismatch: null,
    accuracy: 0.9,
    simulator: { name: 'Verilator', version: '5.48', kiloCyclesPerSecond: 812 },
    runs: [
      run,
      {
        ...run,
        mode: 'throughput',
        images: 8,
        memory: { ...defaultMemory, readLatencyCycles: 61 },
        epochs: [{ predicted: 654_321, simulated: 654_321 }],
      },
    ],
  },
  pictures: {
    classes: ['shoe', 'shirt'],
    rows: 1,
    columns: 2,
    channels: 1,
    images: [
      { label: 0, predicted: 0, pixels: Uint8Array.of(0, 255) },
      { label: 1, predicted: 0, pixels: Uint8Array.of(255, 0) },
    ],
  },
  origins: [['design SHA-256', 'abc123']],
  files: ['generated/README.md', 'design.json'],
};
