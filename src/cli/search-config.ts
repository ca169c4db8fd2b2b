// The configuration file of `autonba search`: YAML or JSON, every key known, numbers within reason.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { InvalidConfigError } from '../util/errors.ts';
import { isMissingFile } from '../util/json.ts';
import { nearestName } from '../util/pick.ts';

const count = z.number().int().min(0).max(10_000_000);
const positive = z.number().positive();

const augment = z.strictObject({ shift: count, flip: z.boolean() });

/** Numbers of the joint loop and of the final training that a file may override. */
const search = z
  .strictObject({
    images: count,
    batchSize: count,
    floatEpochs: count,
    quantizedEpochs: count,
    searchEpochs: count,
    learningRate: positive,
    momentum: z.number().min(0).max(1),
    weightDecay: z.number().min(0),
    clipLearningRate: positive,
    temperature: positive,
    temperatureDecay: positive,
    paths: count,
    costWeight: z.number().min(0),
    refreshSteps: count,
    costForm: z.enum(['linear', 'log']),
    exchanges: z.boolean(),
    finalists: count,
    augment,
  })
  .partial();
const training = z
  .strictObject({
    images: count,
    batchSize: count,
    floatEpochs: count,
    quantizedEpochs: count,
    learningRate: positive,
    momentum: z.number().min(0).max(1),
    weightDecay: z.number().min(0),
    stepLearningRate: positive,
    augment,
  })
  .partial();

const widths = z.array(z.number()).min(1);

const configSchema = z
  .strictObject({
    $schema: z.string(),
    preset: z.string(),
    dataset: z.string(),
    device: z.string(),
    strategy: z.string(),
    solver: z.string(),
    weights: z.string(),
    encoding: z.string(),
    candidates: z.array(z.string()).min(1),
    bits: z.union([widths, z.strictObject({ weights: widths, activations: widths })]),
    targetFps: positive,
    targetLatencyMs: positive,
    targetEnergyMj: positive,
    seed: z.number().int(),
    search,
    training,
  })
  .partial();

/** What a configuration file says; everything may be left out. */
export type SearchConfig = z.infer<typeof configSchema>;

const known = [
  ...Object.keys(configSchema.shape),
  ...Object.keys(search.shape),
  ...Object.keys(training.shape),
];

function explain(error: z.ZodError, path: string): InvalidConfigError {
  const [issue] = error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const nearest = nearestName(key, known);
    const name = place === '' ? key : `${place}.${key}`;
    return new InvalidConfigError(
      `${path}: unknown key "${name}"`,
      nearest === undefined ? 'leave it out' : `did you mean "${nearest}"?`,
    );
  }
  return new InvalidConfigError(
    `${path}: ${place}: ${issue?.message ?? 'is malformed'}`,
    'correct this entry',
  );
}

/**
 * Reads a configuration.
 * @throws InvalidConfigError naming the key that is unknown or has the wrong type, or the line that is no YAML
 */
export function readSearchConfig(path: string): SearchConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error))
      throw new InvalidConfigError(`"${path}" does not exist`, 'check the path');
    throw error;
  }
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20 });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new InvalidConfigError(`${path} is not YAML: ${reason}`, 'correct that line');
  }
  const result = configSchema.safeParse(value ?? {});
  if (!result.success) throw explain(result.error, path);
  return result.data;
}
