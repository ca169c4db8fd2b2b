// The generated part of the RTL: top module, plain Verilog wrapper, and the harness's view of its ports.

import { type Chunk, noRegisters } from '../accelerator/accelerator.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { portsOf } from '../schedule/ports.ts';
import { sanitizeIdentifier } from './identifier.ts';
import { defineTemplate } from './template.ts';

/** Bits of one chunk's trace (nba_chunk). */
const TRACE_BITS = 32;

/** Of nba_multipliers; 0 = products of LUTs. */
const productsPerDsp = { lut: 0, dsp1: 1, dsp2: 2, dsp4: 4 } as const;

interface ChunkView {
  readonly index: number;
  readonly label: string;
  readonly rows: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly depthwise: 0 | 1;
  readonly productsPerDsp: number;
  readonly rotationRegisters: number;
  readonly adderRegisters: number;
  readonly sumRegisters: number;
  readonly requantizerRegisters: number;
  readonly slotBits: number;
  readonly weightBits: number;
  readonly requantizers: number;
  readonly hasAdd: 0 | 1;
  readonly tflite: 0 | 1;
  readonly outputSlots: number;
  readonly operandSlots: number;
  readonly inputWords: number;
  readonly weightWords: number;
  readonly parameterWords: number;
  readonly sumWords: number;
  readonly operandWords: number;
  readonly sumBuffers: number;
  readonly chipWords: number;
  readonly layerCapacity: number;
  readonly tableDepth: number;
}

interface TopView {
  readonly designName: string;
  readonly hash: string;
  readonly hashWord: string;
  readonly moduleName: string;
  readonly chunkCount: number;
  readonly portCount: number;
  readonly busBits: number;
  readonly orderDepth: number;
  readonly orderBits: number;
  readonly chunks: readonly ChunkView[];
  readonly ports: readonly {
    readonly index: number;
    readonly label: string;
    readonly slots: number;
    readonly wires: readonly { readonly port: string; readonly signals: string }[];
  }[];
}

interface WrapperView {
  readonly designName: string;
  readonly hash: string;
  readonly moduleName: string;
  readonly coreName: string;
  readonly busInterfaces: string;
  readonly busBits: number;
  readonly busBytes: number;
  readonly beatSize: number;
  readonly allStrobes: string;
  readonly traceBits: number;
  readonly ports: readonly { readonly index: number; readonly prefix: string }[];
  readonly bundles: readonly { readonly port: string; readonly signals: string }[];
}

interface BindingView {
  readonly designName: string;
  readonly hash: string;
  readonly moduleName: string;
  readonly busType: string;
  readonly busBytes: number;
  readonly chunkCount: number;
  readonly portCount: number;
  readonly slotCounts: string;
  readonly chips: readonly { readonly index: number; readonly signal: string }[];
  readonly ports: readonly { readonly index: number; readonly prefix: string }[];
}

const renderTop = defineTemplate<TopView>('verilog/top.sv.hbs');
const renderWrapper = defineTemplate<WrapperView>('verilog/wrapper.v.hbs');
const renderBinding = defineTemplate<BindingView>('sim/binding.hpp.hbs');

/** Names of the generated modules. */
export function moduleNames(plan: HardwarePlan): {
  readonly wrapper: string;
  readonly core: string;
} {
  const name = sanitizeIdentifier(plan.name);
  return { wrapper: name, core: `${name}_core` };
}

/** What a chunk is, in words. */
export function chunkLabel(chunk: Chunk): string {
  const shape = `${chunk.rows} x ${chunk.outputs} x ${chunk.inputs}`;
  return `${chunk.kind} ${shape}, ${chunk.weightBits}-bit weights, ${chunk.slotBits}-bit activations`;
}

function chunkView(plan: HardwarePlan, index: number): ChunkView {
  const hardware = plan.chunks[index];
  if (hardware === undefined) throw new Error(`chunk ${index} is not in the plan`);
  const { chunk } = hardware;
  const { pipeline = noRegisters } = chunk;
  return {
    index,
    label: chunkLabel(chunk),
    rows: chunk.rows,
    outputs: chunk.outputs,
    inputs: chunk.inputs,
    depthwise: chunk.kind === 'depthwise' ? 1 : 0,
    productsPerDsp: productsPerDsp[chunk.multiplier],
    rotationRegisters: pipeline.rotation,
    adderRegisters: pipeline.adders,
    sumRegisters: pipeline.sums,
    requantizerRegisters: pipeline.requantizer,
    slotBits: chunk.slotBits,
    weightBits: chunk.weightBits,
    requantizers: chunk.requantizers,
    hasAdd: chunk.hasAdd ? 1 : 0,
    tflite: chunk.form === 'tflite' ? 1 : 0,
    outputSlots: hardware.outputSlots,
    operandSlots: hardware.operandSlots,
    inputWords: chunk.buffers.input,
    weightWords: chunk.buffers.weights,
    parameterWords: chunk.buffers.parameters,
    sumWords: chunk.buffers.accumulators,
    operandWords: chunk.hasAdd ? chunk.buffers.operand : 2,
    sumBuffers: chunk.accumulatorBuffers,
    chipWords: chunk.chipWords ?? 0,
    layerCapacity: hardware.layerCapacity,
    tableDepth: hardware.tableDepth,
  };
}

/** Parameters of a chunk by their names in nba_chunk: for tools that set them one by one. */
export function chunkParameters(
  plan: HardwarePlan,
  index: number,
): readonly { readonly name: string; readonly value: number }[] {
  const view = chunkView(plan, index);
  return [
    { name: 'BusBits', value: plan.busBits },
    { name: 'Rows', value: view.rows },
    { name: 'Outputs', value: view.outputs },
    { name: 'Inputs', value: view.inputs },
    { name: 'Depthwise', value: view.depthwise },
    { name: 'ProductsPerDsp', value: view.productsPerDsp },
    { name: 'RotationRegisters', value: view.rotationRegisters },
    { name: 'AdderRegisters', value: view.adderRegisters },
    { name: 'SumRegisters', value: view.sumRegisters },
    { name: 'RequantizerRegisters', value: view.requantizerRegisters },
    { name: 'SlotBits', value: view.slotBits },
    { name: 'WeightBits', value: view.weightBits },
    { name: 'Requantizers', value: view.requantizers },
    { name: 'HasAdd', value: view.hasAdd },
    { name: 'Tflite', value: view.tflite },
    { name: 'OutputSlots', value: view.outputSlots },
    { name: 'OperandSlots', value: view.operandSlots },
    { name: 'InputWords', value: view.inputWords },
    { name: 'WeightWords', value: view.weightWords },
    { name: 'ParameterWords', value: view.parameterWords },
    { name: 'SumWords', value: view.sumWords },
    { name: 'OperandWords', value: view.operandWords },
    { name: 'SumBuffers', value: view.sumBuffers },
    { name: 'ChipWords', value: view.chipWords },
    { name: 'Layers', value: view.layerCapacity },
    { name: 'TableDepth', value: view.tableDepth },
  ];
}

/** Vector ports of the core, the wrapper's signal of each slice, and the bits of a slice. */
const bundlePorts: readonly (readonly [port: string, signal: string, bits: string])[] = [
  ['ar_valid_o', 'arvalid', '1'],
  ['ar_ready_i', 'arready', '1'],
  ['ar_address_o', 'araddr', '32'],
  ['ar_length_o', 'arlen', '8'],
  ['r_valid_i', 'rvalid', '1'],
  ['r_last_i', 'rlast', '1'],
  ['r_response_i', 'rresp', '2'],
  ['r_data_i', 'rdata', 'BusBits'],
  ['aw_valid_o', 'awvalid', '1'],
  ['aw_ready_i', 'awready', '1'],
  ['aw_address_o', 'awaddr', '32'],
  ['aw_length_o', 'awlen', '8'],
  ['w_valid_o', 'wvalid', '1'],
  ['w_ready_i', 'wready', '1'],
  ['w_data_o', 'wdata', 'BusBits'],
  ['w_last_o', 'wlast', '1'],
  ['b_valid_i', 'bvalid', '1'],
  ['b_response_i', 'bresp', '2'],
];

/** Slices of the chunks' own vectors behind one port, the first slot lowest: the port's inputs are their outputs. */
function slotWires(chunks: readonly number[]): TopView['ports'][number]['wires'] {
  return bundlePorts.map(([port, , bits]) => {
    const vector = `chunk_${port.slice(0, -2)}`;
    const slices = chunks
      .map((c) => (bits === '1' ? `${vector}[${c}]` : `${vector}[${c}*${bits} +: ${bits}]`))
      .reverse();
    return {
      port: `slot_${port.slice(0, -1)}${port.endsWith('o') ? 'i' : 'o'}`,
      signals: slices.length === 1 ? (slices[0] ?? '') : `{${slices.join(', ')}}`,
    };
  });
}

/** What the names of each AXI4 master's signals begin with. */
export const portPrefixes = (plan: HardwarePlan): readonly string[] =>
  portsOf(plan.chunks.map(({ chunk }) => chunk)).map(
    (_, index) => `m${String(index).padStart(2, '0')}_axi`,
  );

/** The generated netlist and binding, by path within the generated directory. */
export function emitNetlist(plan: HardwarePlan): ReadonlyMap<string, string> {
  const names = moduleNames(plan);
  const header = { designName: names.wrapper, hash: plan.hash };
  const slots = portsOf(plan.chunks.map(({ chunk }) => chunk));
  const ports = portPrefixes(plan).map((prefix, index) => ({ index, prefix }));
  const orderDepth = 2 ** Math.max(4, Math.ceil(Math.log2(plan.order.length)));
  const busBytes = plan.busBits / 8;
  const top = renderTop({
    ...header,
    hashWord: plan.hash.slice(0, 16),
    moduleName: names.core,
    chunkCount: plan.chunks.length,
    portCount: ports.length,
    busBits: plan.busBits,
    orderDepth,
    orderBits: Math.log2(orderDepth),
    chunks: plan.chunks.map((_, index) => chunkView(plan, index)),
    ports: slots.map((chunks, index) => ({
      index,
      label:
        chunks.length === 1 ? `chunk ${chunks[0]} alone` : `chunks ${chunks.join(', ')} in turns`,
      slots: chunks.length,
      wires: slotWires(chunks),
    })),
  });
  const wrapper = renderWrapper({
    ...header,
    moduleName: names.wrapper,
    coreName: names.core,
    busInterfaces: ['s_axi', ...ports.map((port) => port.prefix)].join(':'),
    busBits: plan.busBits,
    busBytes,
    beatSize: Math.log2(busBytes),
    allStrobes: `${busBytes}'h${'f'.repeat(busBytes / 4)}`,
    traceBits: plan.chunks.length * TRACE_BITS,
    ports,
    // Slice c of a vector is port c, so the highest port comes first in the concatenation.
    bundles: bundlePorts.map(([port, signal]) => {
      const slices = ports.map(({ prefix }) => `${prefix}_${signal}`).reverse();
      return { port, signals: slices.length === 1 ? (slices[0] ?? '') : `{${slices.join(', ')}}` };
    }),
  });
  const binding = renderBinding({
    ...header,
    moduleName: names.wrapper,
    busType: plan.busBits === 64 ? 'QData' : 'IData',
    busBytes,
    chunkCount: plan.chunks.length,
    portCount: ports.length,
    slotCounts: slots.map((chunks) => chunks.length).join(', '),
    // Verilator's name of a signal deep in the hierarchy.
    chips: plan.chunks.flatMap(({ chunk }, index) =>
      (chunk.chipWords ?? 0) === 0
        ? []
        : [
            {
              index,
              signal: `${names.wrapper}__DOT__u_core__DOT__u_chunk_${index}__DOT__gen_chip__DOT__u_chip__DOT__mem`,
            },
          ],
    ),
    ports,
  });
  return new Map([
    [`rtl/${names.core}.sv`, top],
    [`rtl/${names.wrapper}.v`, wrapper],
    ['tb/binding.hpp', binding],
  ]);
}
