import { expect, test } from 'vitest';
import type { Network } from '../../src/network/network.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { tiny, tinyConv, tinyParameters, withConv, withOperators, withTensor } from './tiny.ts';

/** The sentence and its cure. */
function complaint(network: Network): string {
  try {
    validateNetwork(network);
  } catch (error) {
    if (error instanceof AutoNbaError) return `${error.message} => ${error.remedy}`;
    throw error;
  }
  return 'valid';
}

test('a sound network passes', () => {
  expect(complaint(tiny)).toBe('valid');
});

const faults: readonly [string, Network][] = [
  ['network name', { ...tiny, name: '../etc' }],
  ['tensor name', withTensor('map', { name: '__proto__' })],
  ['bits', withTensor('map', { bits: 17 })],
  ['zero point', withTensor('map', { zeroPoint: 128 })],
  ['scale', withTensor('map', { scale: Number.NaN })],
  ['huge axis', withTensor('image', { shape: [1e9, 1, 1] })],
  ['huge tensor', withTensor('image', { shape: [60_000, 60_000, 1] })],
  ['tensor twice', { ...tiny, tensors: [...tiny.tensors, ...tiny.tensors.slice(0, 1)] }],
  ['no such output', { ...tiny, output: 'nowhere' }],
  ['shape', withTensor('map', { shape: [3, 2, 1] })],
  ['kernel too large', withConv({ kernel: [6, 3] })],
  ['kernel 0', withConv({ kernel: [0, 3] })],
  ['stride', withConv({ stride: [1, 0] })],
  ['padding', withConv({ padding: { top: -1, bottom: 3, left: 1, right: 1 } })],
  ['groups', withConv({ groups: 2 })],
  ['clamp outside', withConv({ clamp: { low: -129, high: 127 } })],
  ['clamp reversed', withConv({ clamp: { low: 5, high: 4 } })],
  ['weight bits', withConv({ weightBits: 1 })],
  ['unknown tensor', withConv({ input: 'imaeg' })],
  ['order', withOperators((all) => [...all].reverse())],
  ['operator twice', withOperators((all) => all.map((each) => ({ ...each, name: 'same' })))],
  ['written twice', withConv({ output: 'image' })],
  ['weight count', withConv({ parameters: { ...tinyParameters, weights: new Int16Array(8) } })],
  [
    'weight range',
    withConv({ parameters: { ...tinyParameters, weights: new Int16Array(9).fill(-8) } }),
  ],
  ['bias count', withConv({ parameters: { ...tinyParameters, bias: new Int32Array(2) } })],
  [
    'multiplier',
    withConv({
      parameters: {
        ...tinyParameters,
        requantization: { form: 'half-up', multipliers: [65_536], shifts: [1] },
      },
    }),
  ],
  [
    'shift',
    withConv({
      parameters: {
        ...tinyParameters,
        requantization: { form: 'half-up', multipliers: [1], shifts: [0] },
      },
    }),
  ],
  [
    'exponent',
    withConv({
      parameters: {
        ...tinyParameters,
        requantization: { form: 'tflite', rounding: 'double', multipliers: [1], exponents: [8] },
      },
    }),
  ],
  ['pool changes scale', withTensor('mean', { scale: 1 })],
  [
    'tflite add above one half',
    withOperators((all) =>
      all.map((each) =>
        each.kind === 'add'
          ? {
              ...each,
              requantization: {
                form: 'tflite',
                multiplierA: 2 ** 30 + 1,
                exponentA: 0,
                multiplierB: 0,
                exponentB: 0,
                multiplierOutput: 0,
                exponentOutput: 0,
              },
            }
          : each,
      ),
    ),
  ],
  ['output never used', { ...tiny, output: 'scores' }],
  ['no operators', { ...tiny, operators: [] }],
];

test('every fault is one sentence with its place and its cure', () => {
  const complaints = faults.map(([name, network]) => `${name}: ${complaint(network)}`);
  expect(complaints.join('\n')).toMatchInlineSnapshot(`
    "network name: network name "../etc": is not a plain name => start with a letter and use only letters, digits, "_", "." and "-", at most 120
    tensor name: tensor name "__proto__": is not a plain name => start with a letter and use only letters, digits, "_", "." and "-", at most 120
    bits: tensor "map": bits is 17 => give a whole number from 2 to 16
    zero point: tensor "map": zeroPoint is 128 => give a whole number from -128 to 127
    scale: tensor "map": scale is NaN => give a positive finite scale
    huge axis: tensor "image": rows is 1000000000 => give a whole number from 1 to 65535
    huge tensor: tensor "image": holds 3600000000 integers => keep a tensor within 67108864
    tensor twice: tensor "image": is listed twice => give every tensor its own name
    no such output: network "tiny": its output "nowhere" is no tensor => name one of its tensors
    shape: operator "conv": its output "map" is [3, 2, 1], but its input gives [3, 3, 1] => correct the shape of one of the tensors, the kernel, stride or padding
    kernel too large: operator "conv": its kernel is larger than its padded input => add padding or shrink the kernel
    kernel 0: operator "conv": kernel is 0 => give a whole number from 1 to 65535
    stride: operator "conv": stride is 0 => give a whole number from 1 to 65535
    padding: operator "conv": padding top is -1 => give a whole number from 0 to 255
    groups: operator "conv": groups is 2 => give a whole number from 1 to 1
    clamp outside: operator "conv": clamp.low is -129 => give a whole number from -128 to 127
    clamp reversed: operator "conv": clamp.high is 4 => give a whole number from 5 to 127
    weight bits: operator "conv": weightBits is 1 => give a whole number from 2 to 16
    unknown tensor: operator "conv": tensor "imaeg" does not exist => list it under tensors or correct the name
    order: operator "softmax": it reads tensor "scores" before anything writes it => list operators in execution order
    operator twice: operator "same": is listed twice => give every operator its own name
    written twice: operator "conv": tensor "image" is already written => give every operator its own output
    weight count: operator "conv": it has 8 weights where its shapes need 9 => export weights as [output channel][kernel row][kernel column][input channel of the group]
    weight range: operator "conv": weight 0 is -8, outside the narrow range of 4 bits => keep weights from -7 to 7 or raise weightBits
    bias count: operator "conv": it has 2 biases for 1 channels => give one per channel
    multiplier: operator "conv": multipliers[0] is 65536 => give a whole number from 0 to 65535
    shift: operator "conv": shifts[0] is 0 => give a whole number from 1 to 47
    exponent: operator "conv": exponents[0] is 8 => give a whole number from -31 to 7
    pool changes scale: operator "pool": its output has another scale or zero point than its input, and it does not requantize => give both tensors the same scale and zeroPoint
    tflite add above one half: operator "add": the factor of operand A is above one half => scale operands by s / (2 max(sa, sb)), as TensorFlow Lite does
    output never used: tensor "chances": is read by no operator => remove it and what computes only it
    no operators: network "tiny": number of operators is 0 => give a whole number from 1 to 10000"
  `);
});

test('a network without weights is valid: it can be explored', () => {
  expect(complaint(withOperators((all) => [tinyConv, ...all.slice(1)]))).toBe('valid');
});
