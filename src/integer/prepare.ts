// A network made ready to run image after image: buffers allocated, weights packed, constants folded.

import { acceleratorOperators, elementsOf } from '../network/geometry.ts';
import { type Network, type Operator, tensorOf } from '../network/network.ts';
import { checkAccumulators } from './accumulators.ts';
import { convolutionStep } from './convolution.ts';
import { addStep, shuffleStep } from './elementwise.ts';
import { channelBlock } from './kernels.ts';
import { poolStep } from './pooling.ts';
import type { Step } from './step.ts';

/** One image's worth of every tensor, and the steps that compute them from the input. */
export interface PreparedNetwork {
  /** By tensor name, [row][column][channel] of stored integers; the host's tensors are absent. */
  readonly buffers: ReadonlyMap<string, Float64Array>;
  /** Computes every buffer from the input's. */
  readonly runImage: Step;
}

function stepOf(
  network: Network,
  operator: Exclude<Operator, { kind: 'hostOnly' }>,
  read: (name: string) => Float64Array,
): Step {
  const output = read(operator.output);
  switch (operator.kind) {
    case 'conv':
    case 'depthwiseConv':
    case 'fullyConnected':
      return convolutionStep(network, operator, read(operator.input), output);
    case 'add':
      return addStep(
        network,
        operator,
        [read(operator.inputs[0]), read(operator.inputs[1])],
        output,
      );
    case 'averagePool':
    case 'maxPool':
    case 'globalAveragePool':
      return poolStep(network, operator, read(operator.input), output);
    case 'channelShuffle':
      return shuffleStep(network, operator, read(operator.input), output);
  }
}

/** Prepares a validated network; throws InvalidConfigError when a sum could leave 32 bits or weights are missing. */
export function prepareNetwork(network: Network): PreparedNetwork {
  checkAccumulators(network);
  const operators = acceleratorOperators(network);
  const buffers = new Map<string, Float64Array>();
  for (const name of [network.input, ...operators.map(({ output }) => output)]) {
    const elements = elementsOf(tensorOf(network, name).shape);
    // Spare room behind the tensor, because the depthwise kernel reads whole blocks of channels.
    const room = new Float64Array(elements + channelBlock);
    buffers.set(name, room.subarray(0, elements));
  }
  const read = (name: string): Float64Array => {
    const buffer = buffers.get(name);
    if (buffer === undefined) throw new Error(`tensor "${name}" has no buffer`);
    return buffer;
  };
  const steps = operators.map((operator) => stepOf(network, operator, read));
  const runImage = (): void => {
    for (const step of steps) step();
  };
  return { buffers, runImage };
}
