// What every generated directory has, whatever its targets: documents, memory images, and the cases of the benches.

import { type HardwarePlan, REGIONS, type Region } from '../lower/plan.ts';
import { portsOf } from '../schedule/ports.ts';
import { encodeCases, programWrites } from './case-file.ts';
import { label } from './identifier.ts';
import { moduleNames } from './netlist.ts';
import { registerMap } from './registers.ts';
import type { TargetRequest } from './target.ts';
import { defineTemplate } from './template.ts';

type Rows<Keys extends string> = readonly Readonly<Record<Keys, string | number>>[];

const renderReadme = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly networkName: string;
  readonly wrapperName: string;
  readonly vlnv: string;
  readonly hasRtl: boolean;
  readonly hasHls: boolean;
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

/** Documents, memory images and cases, by path. */
export function commonFiles(
  request: TargetRequest,
  targets: readonly string[],
): ReadonlyMap<string, string | Uint8Array> {
  const { design, plan, memory, cases } = request;
  const { prediction } = plan;
  const names = moduleNames(plan);
  const header = { designName: names.wrapper, hash: plan.hash };
  const files = new Map<string, string | Uint8Array>();
  files.set(
    'README.md',
    renderReadme({
      ...header,
      networkName: label(design.network.name),
      wrapperName: names.wrapper,
      vlnv: `autonba:generated:${names.wrapper}:1.0.0`,
      hasRtl: targets.includes('verilog'),
      hasHls: targets.includes('hls'),
      chunkCount: plan.chunks.length,
      portCount: portsOf(plan.chunks.map(({ chunk }) => chunk)).length,
      layerCount: plan.layers.length,
      epochCycles: prediction.epochCycles,
      latencyCycles: prediction.latencyCycles,
      readLatency: memory.readLatencyCycles,
      beatCycles: memory.beatCycles,
      outstanding: memory.outstandingBursts,
      writeLatency: memory.writeLatencyCycles,
      chunks: plan.chunks.map(({ chunk }, index) => ({ ...chunk, index })),
      layers: prediction.layers.map(({ name, chunk, cycles }) => ({
        name: label(name),
        chunk,
        cycles,
      })),
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
        name: label(place.tensor.name),
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
        name: label(layer.plan.layer.name),
        chunk: layer.chunk,
        weights: layer.weightOffsetBeats,
        records: layer.parameterOffsetBeats,
      })),
    }),
  );
  files.set('mem/program.mem', programText(plan));
  files.set('mem/weights.mem', weightText(plan));
  files.set('tb/cases.bin', encodeCases(cases));
  return files;
}
