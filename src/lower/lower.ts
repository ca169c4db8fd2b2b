// A design becomes a machine: memory map, program words, weight images, netlist parameters.

import { type Design, planDesign, predict } from '../cost/design.ts';
import { layerDescriptors } from '../cost/memories.ts';
import { networkHash } from '../network/hash.ts';
import { PAGE_BYTES } from '../schedule/bursts.ts';
import type { Memory } from '../schedule/memory.ts';
import { mapChips } from '../schedule/residency.ts';
import { AutoNbaError } from '../util/errors.ts';
import { hashOf } from '../util/json.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import {
  descriptorOf,
  prologueDescriptor,
  slotCode,
  type TableBases,
  tablesOf,
} from './descriptor.ts';
import { mapTensors } from './memory-map.ts';
import { layerNumbers } from './numbers.ts';
import type {
  ChunkHardware,
  HardwarePlan,
  LoweredLayer,
  ProgramWord,
  TensorPlace,
} from './plan.ts';
import { packRecords, packWeights } from './weights.ts';

/** Words of the program window that one layer's descriptor and one table entry span. */
const DESCRIPTOR_SPAN = 64;
const ENTRY_SPAN = 8;

/** Room beyond what this network needs, so that one netlist serves other layers too (selfcheck). */
export interface NetlistRoom {
  readonly layerCapacity: number;
  readonly tableDepth: number;
  readonly outputSlots: number;
  readonly operandSlots: number;
}

/**
 * Lowers a design.
 * @throws AutoNbaError (exit code 1) naming every rule the design breaks; nothing is written before.
 */
export function lowerDesign(design: Design, memory: Memory, room?: NetlistRoom): HardwarePlan {
  const { network, accelerator } = design;
  const planned = planDesign(network, accelerator);
  if (!planned.ok)
    throw new AutoNbaError(
      `design "${design.name}" is not legal: ${planned.problems.join('; ')}`,
      'change the fields named; `autonba explore` finds a legal design',
      1,
    );
  const { layers, plans, delays } = planned;
  const { busBits } = accelerator;
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const align = (beats: number) => Math.ceil(beats / pageBeats) * pageBeats;
  const chips = mapChips(plans, accelerator);
  const { places, activationBeats } = mapTensors(network, layers, accelerator, delays, chips);
  const placeOf = (name: string): TensorPlace => {
    const place = places.find((candidate) => candidate.tensor.name === name);
    if (place === undefined) throw new Error(`tensor "${name}" has no place`);
    return place;
  };

  const program: ProgramWord[] = [];
  const entriesUsed = accelerator.chunks.map(() => 0);
  const layersUsed = accelerator.chunks.map(() => 0);
  const outputSlots = accelerator.chunks.map(() => 0);
  const operandSlots = accelerator.chunks.map(() => 0);
  const images: { readonly offsetBytes: number; readonly bytes: Uint8Array }[] = [];
  const lowered: LoweredLayer[] = [];
  // What the prologue copies lies first, as it will lie on chip, one run a chunk.
  let weightBeats = 0;
  const prologueOffsets = chips.map(({ prologueBeats }) => {
    const at = weightBeats;
    weightBeats = align(at + prologueBeats);
    return at;
  });
  plans.forEach((plan, l) => {
    const { layer } = plan;
    const chunk = accelerator.placements[l]?.chunk ?? 0;
    const numbers = layerNumbers(layer, plan.chunk.form);
    const chip = chips[chunk];
    const prologueOffset = prologueOffsets[chunk] ?? 0;
    const resident = { weights: chip?.weights.get(l), parameters: chip?.parameters.get(l) };
    const weightOffsetBeats = resident.weights ?? weightBeats;
    const parameterOffsetBeats = resident.parameters ?? align(weightOffsetBeats + plan.weightBeats);
    if (!plan.chip.weights) weightBeats = align(parameterOffsetBeats + plan.parameterBeats);
    const bytesPerBeat = busBits / 8;
    const from = plan.chip.weights ? prologueOffset : 0;
    images.push({
      offsetBytes: (from + weightOffsetBeats) * bytesPerBeat,
      bytes: packWeights(plan, numbers),
    });
    images.push({
      offsetBytes: (from + parameterOffsetBeats) * bytesPerBeat,
      bytes: packRecords(plan, numbers),
    });

    const tables = tablesOf(plan);
    let entry = entriesUsed[chunk] ?? 0;
    const base = (count: number) => {
      const at = entry;
      entry += count;
      return at;
    };
    const bases: TableBases = {
      rows: base(tables.rows.length),
      columns: base(tables.columns.length),
      outputs: base(tables.outputs.length),
      steps: base(tables.steps.length),
    };
    for (const name of ['rows', 'columns', 'outputs', 'steps'] as const)
      tables[name].forEach((fields, k) => {
        for (const [memoryIndex, walker] of [
          [1, 'read'],
          [2, 'array'],
          [3, 'store'],
        ] as const)
          fields[walker].forEach((value, lane) => {
            program.push({
              chunk,
              memory: memoryIndex,
              word: (bases[name] + k) * ENTRY_SPAN + lane,
              value,
            });
          });
      });
    entriesUsed[chunk] = entry;
    const delay = delays[l] ?? 0;
    const layerPlaces = {
      input: placeOf(layer.input.name),
      output: placeOf(layer.output.name),
      ...(layer.operand === undefined ? {} : { operand: placeOf(layer.operand.name) }),
      weightOffsetBeats,
      parameterOffsetBeats,
    };
    const index = layersUsed[chunk] ?? 0;
    descriptorOf(plan, layerPlaces, bases, delay, numbers.isSingle).forEach((value, word) => {
      program.push({ chunk, memory: 0, word: index * DESCRIPTOR_SPAN + word, value });
    });
    layersUsed[chunk] = index + 1;
    outputSlots[chunk] = (outputSlots[chunk] ?? 0) | (1 << slotCode(plan.outputSlotBits));
    if (layer.add !== undefined)
      operandSlots[chunk] = (operandSlots[chunk] ?? 0) | (1 << slotCode(plan.operandSlotBits));
    lowered.push({ plan, chunk, delay, weightOffsetBeats, parameterOffsetBeats });
  });

  const hasPrologue = chips.some(({ prologueBeats }) => prologueBeats > 0);
  if (hasPrologue)
    chips.forEach(({ prologueBeats }, chunk) => {
      const descriptor = prologueDescriptor(prologueOffsets[chunk] ?? 0, prologueBeats);
      descriptor.forEach((value, word) => {
        const index = layersUsed[chunk] ?? 0;
        program.push({ chunk, memory: 0, word: index * DESCRIPTOR_SPAN + word, value });
      });
    });
  const weights = new Uint8Array((weightBeats * busBits) / 8);
  for (const image of images) weights.set(image.bytes, image.offsetBytes);
  const chunks = accelerator.chunks.map(
    (chunk, c): ChunkHardware => ({
      chunk,
      outputSlots: room?.outputSlots ?? outputSlots[c] ?? 0,
      operandSlots: room?.operandSlots ?? operandSlots[c] ?? 0,
      layerCapacity: powerOfTwoFrom(room?.layerCapacity ?? 2, layerDescriptors(layersUsed[c] ?? 0)),
      tableDepth: powerOfTwoFrom(room?.tableDepth ?? 16, entriesUsed[c] ?? 0),
    }),
  );
  // Neither name nor order of the tiles is in the hardware.
  const shapes = chunks.map(({ chunk: { name: _name, order: _order, ...shape }, ...rest }) => ({
    ...shape,
    ...rest,
  }));
  const prediction = predict(plans, delays, accelerator, memory);
  const { network: _, ...frame } = design;
  return {
    name: design.name,
    hash: hashOf({ ...frame, network: networkHash(network) }),
    netlistHash: hashOf({ busBits, shapes }),
    busBits,
    chunks,
    layers: lowered,
    places,
    regionBeats: {
      weights: weightBeats,
      activations: activationBeats,
      // One image; whoever runs the design provides room for as many as it wants.
      input: 2 ** placeOf(network.input).ringShift,
      output: 2 ** placeOf(layers[layers.length - 1]?.output.name ?? network.output).ringShift,
    },
    program,
    layersPerChunk: layersUsed,
    hasPrologue,
    order: lowered.map((layer) => layer.chunk),
    depth: prediction.depth,
    weights,
    prediction,
  };
}
