// `autonba estimate`: every figure of a design, or of the best design of a network.

import type { Device } from '../../accelerator/device.ts';
import type { Design } from '../../cost/design.ts';
import type { EnergyTable } from '../../cost/energy.ts';
import { estimate as estimateDesign } from '../../cost/estimate.ts';
import { type ExploreResult, explore } from '../../explore/explore.ts';
import type { Network } from '../../network/network.ts';
import type { Memory } from '../../schedule/memory.ts';
import { defineCommand } from '../command.ts';
import { deviceOf, energyOption, energyTableOf } from '../data-arguments.ts';
import { describeMissing, estimateText } from '../estimate-text.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';
import { networkArgumentText, readNetworkArgument } from '../network-argument.ts';

/** What both ways of estimating answer. */
type Figures = Omit<ExploreResult, 'accelerator' | 'relaxations'> & { readonly solver: string };

function estimateGiven(
  design: Design,
  device: Device,
  memory: Memory,
  energyTable: EnergyTable,
): Figures {
  const started = performance.now();
  const figures = estimateDesign(design.network, design.accelerator, device, memory, energyTable);
  return {
    ...figures,
    provenOptimal: false,
    solver: 'none',
    evaluations: figures.layers.length,
    seconds: (performance.now() - started) / 1e3,
  };
}

function estimateBest(
  network: Network,
  device: Device,
  memory: Memory,
  energyTable: EnergyTable,
): Figures {
  const {
    accelerator: _,
    relaxations: __,
    ...figures
  } = explore(network, device, { memory, energyTable });
  return { ...figures, solver: 'exact' };
}

export const estimate = defineCommand({
  positionals: {
    design: {
      type: 'string',
      demandOption: true,
      describe: `design.json, or a network whose best design is estimated: ${networkArgumentText}`,
    },
  },
  options: {
    device: {
      type: 'string',
      describe: "target device, or a file with your own (the design's own, else zc706)",
    },
    memory: memoryOption,
    energy: energyOption,
  },
  examples: [
    ['autonba estimate runs/demo/design.json', 'cycles, frames per second, resources, energy'],
    ['autonba estimate runs/demo/design.json --memory 60,2,4', 'with a slower memory'],
  ],
  async run(args) {
    const memory = parseMemory(args.memory);
    const { network, design } = readNetworkArgument(args.design);
    const deviceName = args.device ?? design?.provenance.device ?? 'zc706';
    const device: Device = deviceOf(deviceName);
    const energyTable = energyTableOf(args.energy);
    const figures =
      design === undefined
        ? estimateBest(network, device, memory, energyTable)
        : estimateGiven(design, device, memory, energyTable);
    return {
      document: {
        ...figures,
        device: deviceName,
        memory,
        design: design === undefined ? null : args.design,
      },
      text: [
        estimateText(figures, device),
        ...(figures.fits ? [] : ['', 'does not fit:', ...describeMissing(figures)]),
      ].join('\n'),
      exitCode: figures.fits ? 0 : 1,
    };
  },
});
