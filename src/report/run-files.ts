// What the files of a run folder look like, as far as the report reads them; other keys are left alone.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidConfigError } from '../util/errors.ts';
import { isMissingFile, readJson } from '../util/json.ts';

const whole = z.number().int();
const mismatchSchema = z.object({
  layer: z.string(),
  image: whole,
  channel: whole,
  row: whole,
  column: whole,
  expected: whole,
  got: whole,
});
const epochSchema = z.object({ predicted: z.number(), simulated: z.number() });

const runSchema = z.object({
  mode: z.enum(['latency', 'throughput']),
  memory: z.object({
    readLatencyCycles: whole,
    beatCycles: whole,
    outstandingBursts: whole,
    writeLatencyCycles: whole,
  }),
  images: whole,
  bitExact: z.boolean(),
  cycleExact: z.boolean(),
  firstMismatch: mismatchSchema.nullable(),
  problem: z.string().nullable(),
  layers: z.array(
    z.object({
      name: z.string(),
      chunk: whole,
      predictedCycles: z.number(),
      simulatedCycles: z.number(),
    }),
  ),
  chunks: z.array(epochSchema),
  epochs: z.array(epochSchema),
  simulatedCycles: z.number(),
});

/** verify.json, the document of `autonba verify`. */
export const verificationSchema = z.object({
  bitExact: z.boolean(),
  cycleExact: z.boolean(),
  firstMismatch: mismatchSchema.nullable(),
  accuracy: z.number().nullable().default(null),
  simulator: z.object({
    name: z.string(),
    version: z.string(),
    kiloCyclesPerSecond: z.number(),
  }),
  runs: z.array(runSchema),
});

const share = z.number().min(0).max(1);

/** search.json, the document of `autonba search`. */
export const searchSchema = z.object({
  accuracy: z.object({ float: share, integer: share }).optional(),
  choices: z.array(z.object({ block: z.string(), bits: z.union([whole, z.string()]) })).optional(),
  provenOptimal: z.boolean().optional(),
  preset: z.string().optional(),
  dataset: z.string().optional(),
  searchSeconds: z.number().optional(),
  trainingSeconds: z.number().optional(),
  peakResidentBytes: z.number().optional(),
  engine: z.object({ backend: z.string(), version: z.string() }).optional(),
});

/** synth.json, the document of `autonba synth`. */
export const synthesisSchema = z.object({
  family: z.string(),
  rows: z.array(
    z.object({
      resource: z.enum(['dsp', 'bram18', 'lut', 'ff']),
      predicted: z.number(),
      synthesized: z.number(),
    }),
  ),
});

/** One line of trace.jsonl. */
export const traceSchema = z.object({
  step: whole.min(0),
  epoch: whole.min(0).max(100_000),
  phase: z.enum(['float', 'quantized', 'joint']),
  temperature: z.number(),
  loss: z.number().nullable(),
  validationLoss: z.number().optional(),
  expectedCycles: z.number().optional(),
  epochCycles: z.number().optional(),
  derived: z.array(z.string()).optional(),
});

/** package.json of the toolkit itself. */
export const packageSchema = z.object({ version: z.string() });

/** manifest.json of the generated directory: what the report takes from it. */
export const manifestSchema = z.object({ hash: z.string() });

/** A JSON file of the run, or undefined where the run has none. */
export function readOptional<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  const text = readTextIfThere(path);
  return text === undefined ? undefined : parseWith(schema, readJson(path), path);
}

/** A file of one JSON value a line; a last line that a killed run left unfinished is dropped. */
export function readLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.infer<Schema>[] | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const place = `${path}, line ${index + 1}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new InvalidConfigError(`${place} is not JSON`, 'run the search again');
      }
      return parseWith(schema, value, place);
    });
}

/** A file's text, or undefined where there is none. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}

function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  subject: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  throw new InvalidConfigError(
    `${subject}: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'is malformed'}`,
    'make the file again with the command that wrote it, or remove it from the run',
  );
}
