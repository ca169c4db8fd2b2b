// An estimate as a person reads it.

import type { Device } from '../accelerator/device.ts';
import { splitParts, splitPercent } from '../cost/cycle-split.ts';
import type { EnergyTable } from '../cost/energy.ts';
import type { EnergyCheck, Estimate } from '../cost/estimate.ts';
import { logicFits } from '../cost/logic-fit.ts';
import { resourceNames } from '../cost/resources.ts';
import { portsOf } from '../schedule/ports.ts';

/** Columns of text: the first left, the others right. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Which resource is missing, by how much, and what takes most of it. */
export function describeMissing(estimate: Estimate): string[] {
  return Object.entries(estimate.missing).map(([name, count]) => {
    if (name === 'ports')
      return `${count} memory ports too few: let chunks share one ("port" of a chunk), or join chunks`;
    if (name === 'areaMillimetres2') return `${count.toFixed(2)} mm2 of area too few`;
    if (name === 'energyMillijoules') return `${count.toFixed(3)} mJ an image too many`;
    const amount = (chunk: Estimate['chunks'][number]): number =>
      Object.entries(chunk.resources).find(([resource]) => resource === name)?.[1] ?? 0;
    const [most] = [...estimate.chunks].sort((left, right) => amount(right) - amount(left));
    return most === undefined
      ? `${count} ${name} too few`
      : `${whole(count)} ${name} too few; chunk ${most.name} takes ${whole(amount(most))}`;
  });
}

/** The table as it was used. */
function energyTableText(table: EnergyTable): string {
  const { multiply8Picojoules, addPicojoules, buffer64Picojoules, memory64Picojoules } = table;
  return `  pJ by ${table.name}: ${multiply8Picojoules} a product of 8 by 8 bits, ${addPicojoules} a 32-bit sum, ${buffer64Picojoules} for 64 bits of a buffer, ${memory64Picojoules} of memory`;
}

/** What another table of energies says. */
function energyText({
  table: name,
  energyMillijoules,
  pairs,
  swapped,
  isRobust,
}: EnergyCheck): string {
  const ranking = isRobust
    ? 'layers rank alike: robust'
    : `${swapped} of ${pairs} pairs of layers rank the other way: not robust`;
  return `  ${energyMillijoules.toFixed(3)} mJ by ${name}, ${ranking}`;
}

/** The whole estimate: figures, resources against the device, chunks, layers. */
export function estimateText(estimate: Estimate, device: Device): string {
  const { chunks, layers, resources } = estimate;
  return [
    `${whole(estimate.framesPerSecond)} frames/s at ${device.clockMegahertz} MHz, an image every ${whole(estimate.epochCycles)} cycles`,
    `${estimate.latencyMilliseconds.toFixed(4)} ms for one image alone, ${estimate.energyMillijoules.toFixed(3)} mJ an image (${estimate.energyTable.name})`,
    ...(estimate.areaMillimetres2 === undefined
      ? [
          `${estimate.areaPercent?.toFixed(2)} % of the device, its DSP, block RAM and LUTs averaged`,
        ]
      : [
          `${estimate.areaMillimetres2.toFixed(2)} mm2 of ${device.silicon?.areaMillimetres2} for multipliers and memories`,
        ]),
    energyTableText(estimate.energyTable),
    ...estimate.energyChecks.map(energyText),
    '',
    ...textTable([
      ['', ...resourceNames, 'ports'],
      ['used', ...resourceNames.map((name) => whole(resources[name])), `${portsOf(chunks).length}`],
      ['device', ...resourceNames.map((name) => whole(device[name])), `${device.ports}`],
    ]),
    `DSP and block RAM are exact; LUT and FF fitted, on unseen shapes up to ${logicFits.lut.unseenMaxErrorPercent} % and ${logicFits.ff.unseenMaxErrorPercent} % off`,
    '',
    ...textTable([
      ['chunk', 'array', 'multipliers', 'requantizers', 'cycles', 'dsp', 'bram18', 'lut'],
      ...chunks.map((chunk) => [
        chunk.name,
        `${chunk.rows}x${chunk.outputs}x${chunk.inputs}`,
        chunk.multiplier,
        `${chunk.requantizers}`,
        whole(chunk.cycles),
        whole(chunk.resources.dsp),
        whole(chunk.resources.bram18),
        whole(chunk.resources.lut),
      ]),
    ]),
    '',
    ...textTable([
      ['layer', 'chunk', 'cycles', ...splitParts.map((part) => `${part} %`), 'tile'],
      ...layers.map((layer) => [
        layer.name,
        chunks[layer.chunk]?.name ?? '',
        whole(layer.cycles),
        ...splitPercent(layer.split).map((share) => share.toFixed(1)),
        `${layer.tile.rows}x${layer.tile.columns}x${layer.tile.outputs}x${layer.tile.inputs}`,
      ]),
    ]),
    'of the array: multiply-accumulates, ragged edges, commands filling and draining it, waits for reads, for stores, between layers',
  ].join('\n');
}
