// `autonba import`: a TensorFlow Lite or ONNX model as a network of ours.

import { importModel } from '../../import/import-model.ts';
import type { Imported } from '../../import/imported.ts';
import { describeOperator, elementsOf, totalMacs, weightCountOf } from '../../network/geometry.ts';
import { tensorOf } from '../../network/network.ts';
import { writeNetwork } from '../../network/network-file.ts';
import { InvalidConfigError } from '../../util/errors.ts';
import { formatCount } from '../../util/units.ts';
import { defineCommand } from '../command.ts';

function textOf({ network, host, output, notes }: Imported, path: string): string {
  const width = Math.max(...network.operators.map(({ name }) => name.length));
  const weights = network.operators.reduce((sum, one) => sum + weightCountOf(network, one), 0);
  const input = tensorOf(network, network.input);
  const lines = network.operators.map(
    (operator) => `${operator.name.padEnd(width)}  ${describeOperator(network, operator)}`,
  );
  const hostLines = host.map(
    ({ operator, name, place }) =>
      `on the host, ${place} the accelerator: ${operator}${name === '' ? '' : ` "${name}"`}`,
  );
  return [
    `input ${input.shape.join(' x ')}, ${input.bits} bits (${elementsOf(input.shape)} integers)`,
    ...lines,
    '',
    `${formatCount(weights)} weights, ${formatCount(totalMacs(network))} multiply-accumulates an image`,
    ...hostLines,
    `an integer q of the accelerator's output means ${output.scale} * (q - ${output.zero})`,
    ...notes,
    path,
  ].join('\n');
}

export const importCommand = defineCommand({
  positionals: {
    model: { type: 'string', demandOption: true, describe: 'MODEL.tflite or MODEL.onnx' },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'network to write, NETWORK.json' },
  },
  examples: [
    ['autonba import resnet8.tflite --out resnet8.json', 'then explore, generate and verify it'],
  ],
  async run({ model, out }) {
    if (!out.endsWith('.json'))
      throw new InvalidConfigError(`--out is "${out}"`, 'name a file ending in .json');
    const imported = importModel(model);
    const { network, format, host, output, notes } = imported;
    writeNetwork(out, network);
    return {
      document: {
        network: out,
        name: network.name,
        format,
        operators: network.operators.map(({ name, kind }) => ({ name, kind })),
        multiplyAccumulates: totalMacs(network),
        host,
        output,
        notes,
      },
      text: textOf(imported, out),
    };
  },
});
