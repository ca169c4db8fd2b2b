// `autonba verify`: a generated directory against the integer model and its own predictions.

import { availableParallelism } from 'node:os';
import * as devices from '../../accelerator/devices/index.ts';
import { planDesign, predict } from '../../cost/design.ts';
import { pixelsOf } from '../../data/dataset.ts';
import { parseIdxImages, readCheckedFile } from '../../data/idx.ts';
import { openDataset } from '../../data/open-dataset.ts';
import { accuracy as accuracyOf } from '../../integer/run.ts';
import { tensorOf } from '../../network/network.ts';
import { randomImages } from '../../network/random-network.ts';
import { defined, InvalidConfigError } from '../../util/errors.ts';
import { namesOf, pick } from '../../util/pick.ts';
import { createRng } from '../../util/rng.ts';
import { verifyDocument } from '../../verify/document.ts';
import {
  type GeneratedDirectory,
  type RunVerdict,
  readGenerated,
  verifyGenerated,
} from '../../verify/verify.ts';
import { defineCommand } from '../command.ts';
import { memoryOption, parseMemory } from '../memory-option.ts';

interface Pictures {
  readonly images: Int32Array | Uint8Array;
  readonly labels?: Uint8Array | Uint16Array;
}

/** A file of images, else the data set the network was trained on, else random integers. */
function picturesFor(
  { design }: GeneratedDirectory,
  count: number,
  inputs: string | undefined,
  seed: number,
): Pictures {
  const { network, provenance } = design;
  const [rows, columns, channels] = tensorOf(network, network.input).shape;
  if (inputs !== undefined) {
    const set = parseIdxImages(
      readCheckedFile(inputs, { remedy: 'name an IDX file of images' }),
      inputs,
    );
    if (
      set.rows !== rows ||
      set.columns !== columns ||
      set.channels !== channels ||
      set.count < count
    )
      throw new InvalidConfigError(
        `"${inputs}" holds ${set.count} images of ${set.rows} x ${set.columns} x ${set.channels}; ${count} of ${rows} x ${columns} x ${channels} are needed`,
        'give images of the network, or ask for fewer with --images',
      );
    return { images: set.images };
  }
  if (provenance.dataset === undefined)
    return { images: randomImages(createRng(seed), network, count) };
  const { test } = openDataset(provenance.dataset, [rows, columns, channels]);
  return { images: pixelsOf(test, 0, count), labels: test.labels.subarray(0, count) };
}

function runLines(run: RunVerdict): string[] {
  const wrong = run.layers.filter((layer) => layer.predictedCycles !== layer.simulatedCycles);
  const memory = run.memory;
  const contract = `L ${memory.readLatencyCycles}, S ${memory.beatCycles}, OT ${memory.outstandingBursts}, Lw ${memory.writeLatencyCycles}`;
  return [
    `${run.mode} mode, ${run.images} images, ${contract}: ${run.bitExact ? 'every tensor equal' : 'BITS DIFFER'}, ${run.cycleExact ? 'every cycle as predicted' : 'CYCLES DIFFER'}`,
    ...(run.firstMismatch === null
      ? []
      : [`  first difference: ${JSON.stringify(run.firstMismatch)}`]),
    ...(run.problem === null ? [] : [`  ${run.problem}`]),
    ...wrong.map(
      (layer) =>
        `  ${layer.name}: predicted ${layer.predictedCycles}, simulated ${layer.simulatedCycles}`,
    ),
  ];
}

export const verify = defineCommand({
  positionals: {
    directory: { type: 'string', demandOption: true, describe: 'what `autonba generate` wrote' },
  },
  options: {
    images: { type: 'number', default: 10, describe: 'images to run' },
    inputs: {
      type: 'string',
      describe: "IDX file of images; by default the design's data set, or random ones",
    },
    mode: {
      type: 'string',
      choices: ['latency', 'throughput'] as const,
      describe: 'only this mode',
    },
    memory: memoryOption,
    stalls: {
      type: 'number',
      describe: 'seed of random stalls outside the contract: bits must hold, cycles only grow',
    },
    trace: { type: 'string', describe: 'write waves to this FST file' },
    threads: {
      type: 'number',
      default: 1,
      describe: 'threads of the simulator; more are quicker only on as many idle cores',
    },
  },
  examples: [['autonba verify runs/demo/generated --images 20', 'both modes, twenty images']],
  async run(
    { directory, images: count, inputs, mode, memory: text, stalls, trace, threads },
    { seed, signal, log },
  ) {
    if (!Number.isInteger(count) || count < 1 || count > 10_000)
      throw new InvalidConfigError(
        `--images ${count} is not a number from 1 to 10000`,
        'give a whole number',
      );
    if (!Number.isInteger(threads) || threads < 1 || threads > availableParallelism())
      throw new InvalidConfigError(
        `--threads ${threads} is not a number from 1 to this machine's ${availableParallelism()} cores`,
        'give a whole number',
      );
    const memory = parseMemory(text);
    const generated = readGenerated(directory);
    const { design } = generated;
    const pictures = picturesFor(generated, count, inputs, seed);
    const modes = mode === undefined ? (['latency', 'throughput'] as const) : ([mode] as const);
    const verdict = await verifyGenerated(generated, {
      runs: modes.map((each) => ({ mode: each, memory, images: count })),
      images: pictures.images,
      signal,
      threads,
      onProgress: log,
      ...(stalls === undefined ? {} : { stalls }),
      ...(trace === undefined ? {} : { traceFile: trace }),
    });
    const planned = planDesign(design.network, design.accelerator);
    if (!planned.ok)
      throw new InvalidConfigError(planned.problems.join('; '), 'generate the directory again');
    const { epochCycles, latencyCycles } = predict(
      planned.plans,
      planned.delays,
      design.accelerator,
      memory,
    );
    const known = namesOf(devices).includes(design.provenance.device);
    // A design for no device in particular is judged at the clock of the smallest one.
    const device = known ? pick('device', devices, design.provenance.device) : devices.pynqZ2;
    const accuracy =
      pictures.labels === undefined
        ? null
        : accuracyOf(design.network, pictures.images, pictures.labels, count);
    const document = verifyDocument(verdict, { device, epochCycles, latencyCycles, accuracy });
    const isGood = verdict.bitExact && (verdict.cycleExact || stalls !== undefined);
    const speed = defined(verdict.simulator.kiloCyclesPerSecond, 'speed').toFixed(0);
    return {
      document,
      text: [
        ...verdict.runs.flatMap(runLines),
        `${verdict.simulator.name} ${verdict.simulator.version}, ${speed} kilo-cycles/s`,
      ].join('\n'),
      exitCode: isGood ? 0 : 1,
    };
  },
});
