// `autonba generate`: a design, or the best design of a network, as a directory that needs no node.

import { join } from 'node:path';
import type { Device } from '../../accelerator/device.ts';
import * as devices from '../../accelerator/devices/index.ts';
import type { Design } from '../../cost/design.ts';
import { generateDirectory } from '../../emit/generate.ts';
import { writeSourceTree } from '../../emit/source-tree.ts';
import { explore } from '../../explore/explore.ts';
import type { Memory } from '../../schedule/memory.ts';
import { portsMissing } from '../../schedule/ports.ts';
import { AutoNbaError, answerIsNo } from '../../util/errors.ts';
import { nameOf } from '../../util/pick.ts';
import { defineCommand } from '../command.ts';
import { deviceOf } from '../data-arguments.ts';
import { describeMissing } from '../estimate-text.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';
import { networkArgumentText, readNetworkArgument } from '../network-argument.ts';

/** The design that is given, or the best one of the network that is. */
function designFor(path: string, deviceName: string, memory: Memory): Design {
  const { network, design } = readNetworkArgument(path);
  if (design !== undefined) {
    const known = Object.entries<Device>(devices).find(
      ([key, device]) => nameOf(key, device) === design.provenance.device,
    );
    const missing = known && portsMissing(design.accelerator.chunks, known[1]);
    if (missing !== undefined)
      throw new AutoNbaError(
        `design "${design.name}" is not legal on ${design.provenance.device}: ${missing}`,
        'give the chunks that share a port the same "port"',
        answerIsNo,
      );
    return design;
  }
  const result = explore(network, deviceOf(deviceName), { memory });
  if (!result.fits)
    throw new AutoNbaError(
      `nothing of the space fits ${deviceName}: ${describeMissing(result).join('; ')}`,
      'name a larger device with --device; `autonba explore` says which',
      answerIsNo,
    );
  const provenance = { strategy: 'explore exact', seed: 1, device: deviceName };
  return { name: network.name, network, accelerator: result.accelerator, provenance };
}

export const generate = defineCommand({
  positionals: {
    design: {
      type: 'string',
      demandOption: true,
      describe: `design.json, or a network whose best design is meant: ${networkArgumentText}`,
    },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'directory to write' },
    target: { type: 'string', default: 'verilog', describe: 'verilog, hls, or both with a comma' },
    device: {
      type: 'string',
      default: 'zc706',
      describe: 'target device, where a network is given',
    },
    memory: memoryOption,
  },
  examples: [
    ['autonba generate runs/demo/design.json --out build/demo', 'RTL, bench and scripts'],
    [
      'autonba generate resnet8.tflite --device pynq-z2 --out build/resnet8',
      'from a trained model to RTL',
    ],
  ],
  async run({ design: path, device, out, memory: contract, target }) {
    const targets = target.split(',');
    const memory = parseMemory(contract);
    const design = designFor(path, device, memory);
    const tree = generateDirectory(design, memory, undefined, targets);
    const changed = writeSourceTree(out, tree);
    const manifest = JSON.parse(String(tree.get('manifest.json'))) as Record<string, unknown>;
    const commands = targets.map((name) =>
      name === 'hls' ? `\`make -C ${join(out, 'hls')} csim\`` : `\`make -C ${out} lint sim\``,
    );
    return {
      document: { out, files: tree.size, changed, manifest },
      text: [
        `${out}: ${tree.size} files, ${changed} of them new or changed`,
        `predictions are in ${join(out, 'manifest.json')}; ${commands.join(' and ')} need no node`,
      ].join('\n'),
    };
  },
});
