// A network small enough to check by hand: 3x3 map, one convolution, a residual add, an average, two classes.

import type {
  ConvOperator,
  ConvParameters,
  Network,
  Operator,
  Tensor,
} from '../../src/network/network.ts';

const tensor = (name: string, shape: Tensor['shape']): Tensor => ({
  name,
  shape,
  bits: 8,
  signed: true,
  scale: 0.5,
  zeroPoint: 0,
});
const clamp = { low: -128, high: 127 };
const one = (channels: number) => ({
  form: 'half-up' as const,
  multipliers: new Array<number>(channels).fill(2),
  shifts: new Array<number>(channels).fill(1),
});

/** Parameters of the tiny network's convolution: the centre tap doubles, everything else is 0. */
export const tinyParameters: ConvParameters = {
  weights: Int16Array.of(0, 0, 0, 0, 2, 0, 0, 0, 0),
  bias: Int32Array.of(1),
  requantization: one(1),
};

/** The tiny network's convolution without its weights. */
export const tinyConv: ConvOperator = {
  kind: 'conv',
  name: 'conv',
  input: 'image',
  output: 'map',
  kernel: [3, 3],
  stride: [1, 1],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
  groups: 1,
  weightBits: 4,
  clamp,
};

const rest: readonly Operator[] = [
  {
    kind: 'add',
    name: 'add',
    inputs: ['map', 'image'],
    output: 'sum',
    clamp,
    requantization: { form: 'half-up', multiplierA: 2, multiplierB: 2, shift: 1 },
  },
  { kind: 'globalAveragePool', name: 'pool', input: 'sum', output: 'mean', clamp },
  {
    kind: 'fullyConnected',
    name: 'classes',
    input: 'mean',
    output: 'scores',
    weightBits: 2,
    clamp,
    parameters: {
      weights: Int16Array.of(1, -1),
      bias: Int32Array.of(0, 0),
      requantization: one(2),
    },
  },
  { kind: 'hostOnly', name: 'softmax', input: 'scores', output: 'chances', function: 'softmax' },
];

/** image -> conv (2a + 1) -> add image -> mean -> [mean, -mean] -> softmax on the host. */
export const tiny: Network = {
  name: 'tiny',
  input: 'image',
  output: 'chances',
  tensors: [
    tensor('image', [3, 3, 1]),
    tensor('map', [3, 3, 1]),
    tensor('sum', [3, 3, 1]),
    tensor('mean', [1, 1, 1]),
    tensor('scores', [1, 1, 2]),
    tensor('chances', [1, 1, 2]),
  ],
  operators: [{ ...tinyConv, parameters: tinyParameters }, ...rest],
};

/** The tiny network with its convolution changed. */
export function withConv(change: Partial<ConvOperator>): Network {
  return { ...tiny, operators: [{ ...tinyConv, parameters: tinyParameters, ...change }, ...rest] };
}

/** The tiny network with one tensor changed. */
export function withTensor(name: string, change: Partial<Tensor>): Network {
  const tensors = tiny.tensors.map((each) => (each.name === name ? { ...each, ...change } : each));
  return { ...tiny, tensors };
}

/** The tiny network with its operators replaced. */
export function withOperators(change: (operators: readonly Operator[]) => Operator[]): Network {
  return { ...tiny, operators: change(tiny.operators) };
}
