// A network as JSON and one binary: for each operator with weights, in order, its Int32 biases and then its Int16
// weights, little endian, each array at the next multiple of four bytes. Nothing overlaps and nothing is left over.

import { createHash } from 'node:crypto';

import type { z } from 'zod';

import type { ConvParameters, Network, Operator } from './network.ts';
import { refuse } from './refuse.ts';
import {
  documentSchema,
  type NetworkDocument,
  type OperatorDocument,
  operatorSchema,
} from './schema.ts';
import { validateNetwork } from './validate.ts';

interface Region {
  readonly offset: number;
  readonly length: number;
}

const biasBytes = 4;
const weightBytes = 2;
const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Both parts of a network file. */
export interface EncodedNetwork {
  readonly document: NetworkDocument;
  /** Contents of the binary; empty when no operator has parameters. */
  readonly binary: Uint8Array;
}

function isWeighted(
  operator: OperatorDocument,
): operator is Extract<OperatorDocument, { weightBits: number }> {
  return 'weightBits' in operator;
}

function parametersOf(operator: Operator): ConvParameters | undefined {
  return 'parameters' in operator ? operator.parameters : undefined;
}

/** Splits a network into its JSON document, which names the binary, and the binary. */
export function encodeNetwork(network: Network, binaryName: string): EncodedNetwork {
  let bytes = 0;
  for (const operator of network.operators) {
    const parameters = parametersOf(operator);
    if (parameters === undefined) continue;
    bytes += biasBytes * parameters.bias.length + aligned(weightBytes * parameters.weights.length);
  }
  const binary = new Uint8Array(bytes);
  const view = new DataView(binary.buffer);
  let offset = 0;
  const operators = network.operators.map((operator): OperatorDocument => {
    if (!('parameters' in operator) || operator.parameters === undefined) {
      return operatorSchema.parse(operator);
    }
    const { bias, weights, requantization } = operator.parameters;
    const biasRegion = { offset, length: bias.length };
    bias.forEach((value, index) => {
      view.setInt32(offset + biasBytes * index, value, true);
    });
    offset += biasBytes * bias.length;
    const weightRegion = { offset, length: weights.length };
    weights.forEach((value, index) => {
      view.setInt16(offset + weightBytes * index, value, true);
    });
    offset += aligned(weightBytes * weights.length);
    const parameters = { weights: weightRegion, bias: biasRegion, requantization };
    return operatorSchema.parse({ ...operator, parameters });
  });
  const { name, input, output } = network;
  const tensors = network.tensors.map(({ shape, ...tensor }) => ({
    ...tensor,
    shape: [shape[0], shape[1], shape[2]] as [number, number, number],
  }));
  const document: NetworkDocument = {
    format: 'autonba-network',
    version: 1,
    name,
    input,
    output,
    tensors,
    operators,
  };
  if (bytes === 0) return { document, binary };
  const sha256 = createHash('sha256').update(binary).digest('hex');
  return { document: { ...document, weightsFile: { name: binaryName, bytes, sha256 } }, binary };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  const problem = `${path === '' ? '' : `${path}: `}${issue?.message ?? 'is malformed'}`;
  return refuse(subject, problem, 'write the file with autonba, or correct this entry');
}

function operatorSubject(value: unknown, index: number): string {
  const named = typeof value === 'object' && value !== null && 'name' in value;
  const name = named && typeof value.name === 'string' ? `"${value.name.slice(0, 120)}"` : index;
  return `operator ${name}`;
}

/** Reads the JSON part; its operators may still point at binary data that does not exist. */
export function parseDocument(value: unknown): NetworkDocument {
  const { operators, ...rest } = parse(documentSchema, value, 'network file');
  return {
    ...rest,
    operators: operators.map((operator, index) =>
      parse(operatorSchema, operator, operatorSubject(operator, index)),
    ),
  };
}

/** Joins both parts again and validates the result; throws InvalidConfigError on the first thing wrong. */
export function decodeNetwork(document: NetworkDocument, binary: Uint8Array): Network {
  const declared = document.weightsFile;
  if (declared !== undefined) checkBinary(declared, binary);
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  let offset = 0;
  // Regions must follow each other exactly; so a file can never describe more weights than it holds.
  const take = (subject: string, what: string, region: Region, width: number) => {
    const { offset: at, length } = region;
    if (at !== offset || at + width * length > binary.byteLength) {
      refuse(
        subject,
        `its ${what} are said to be ${length} integers at byte ${at}, which does not match the binary`,
        'write the network again; arrays follow each other from byte 0',
      );
    }
    offset += aligned(width * length);
  };
  const operators = document.operators.map((operator): Operator => {
    if (!isWeighted(operator)) return operator;
    const { parameters, ...rest } = operator;
    if (parameters === undefined) return rest;
    const subject = `operator "${operator.name}"`;
    const { bias, weights, requantization } = parameters;
    take(subject, 'biases', bias, biasBytes);
    take(subject, 'weights', weights, weightBytes);
    return {
      ...rest,
      parameters: {
        bias: new Int32Array(bias.length).map((_, index) =>
          view.getInt32(bias.offset + biasBytes * index, true),
        ),
        weights: new Int16Array(weights.length).map((_, index) =>
          view.getInt16(weights.offset + weightBytes * index, true),
        ),
        requantization,
      },
    };
  });
  if (offset !== binary.byteLength) {
    refuse(
      'network file',
      `its binary has ${binary.byteLength} bytes but its operators describe ${offset}`,
      'write the network again',
    );
  }
  const { name, input, output, tensors } = document;
  const network: Network = { name, input, output, tensors, operators };
  validateNetwork(network);
  return network;
}

function checkBinary(
  declared: NonNullable<NetworkDocument['weightsFile']>,
  binary: Uint8Array,
): void {
  const sha256 = createHash('sha256').update(binary).digest('hex');
  if (declared.bytes === binary.byteLength && declared.sha256 === sha256) return;
  refuse(
    `binary "${declared.name}"`,
    'its contents are not those the network file was written with',
    'copy both files together or write the network again',
  );
}
