// `autonba compare`: a network against somebody else's reference outputs, operator by operator.

import {
  type Comparison,
  compareWithReference,
  findByNames,
  findBySources,
} from '../../import/compare.ts';
import { readReference } from '../../import/reference.ts';
import { defineCommand } from '../command.ts';
import { networkArgumentText, readNetworkArgument } from '../network-argument.ts';

function textOf({ operators, notCompared, images, sameTop1, classes }: Comparison): string {
  const width = Math.max(4, ...operators.map(({ name }) => name.length));
  const rows = operators.map(({ index, name, elements, mismatches, maxAbsoluteDifference }) =>
    [
      String(index).padStart(5),
      name.padEnd(width),
      elements.toLocaleString('en-US').padStart(11),
      mismatches.toLocaleString('en-US').padStart(11),
      String(maxAbsoluteDifference).padStart(12),
    ].join('  '),
  );
  return [
    `index  ${'name'.padEnd(width)}     elements   mismatches    difference`,
    ...rows,
    '',
    ...notCompared.map(({ index, name }) => `not compared: ${index} ${name}`),
    `classes: ${classes.slice(0, 32).join(', ')}`,
    `${sameTop1} of ${images} images have the same largest output`,
  ].join('\n');
}

export const compare = defineCommand({
  positionals: {
    network: {
      type: 'string',
      demandOption: true,
      describe: networkArgumentText,
    },
  },
  options: {
    reference: {
      type: 'string',
      demandOption: true,
      describe: 'vectors.json: input and outputs of every operator, as raw integers beside it',
    },
  },
  examples: [
    ['autonba compare resnet8.tflite --reference vectors.json', '0 mismatches, or exit code 1'],
  ],
  async run({ network: path, reference: referencePath }) {
    const reference = readReference(referencePath);
    const { network, imported } = readNetworkArgument(path);
    const find = imported === undefined ? findByNames(network) : findBySources(imported.sources);
    const comparison = compareWithReference(network, reference, find);
    const mismatches = comparison.operators.reduce((sum, one) => sum + one.mismatches, 0);
    return {
      document: comparison,
      text: textOf(comparison),
      exitCode: mismatches === 0 ? 0 : 1,
    };
  },
});
