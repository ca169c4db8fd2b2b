// What comes out of a model file: the network, and everything of the model that is not in it.

import type { Network } from '../network/network.ts';

/** A part of the model that the accelerator does not compute. */
export interface HostPart {
  /** The operator's position in the model file. */
  readonly index: number;
  /** The operator's name there, or its type where it has none. */
  readonly name: string;
  readonly operator: string;
  readonly place: 'before' | 'after';
}

/** Where a result of the model is found in the network. */
export interface Source {
  /** The operator's position in the model file. */
  readonly index: number;
  readonly name: string;
  /** The network's tensor that holds the result, in the same order of elements unless `channelsFirst`. */
  readonly tensor: string;
  /** The model stores [channel][row][column] where the network has [row][column][channel]. */
  readonly channelsFirst: boolean;
}

/** What stored integers mean to the model: scale * (integer - zero); zero may be a fraction. */
export interface Meaning {
  readonly scale: number;
  readonly zero: number;
}

/** An imported model. */
export interface Imported {
  readonly format: string;
  readonly network: Network;
  /** What the integers of the accelerator's output mean. */
  readonly output: Meaning;
  readonly host: readonly HostPart[];
  readonly sources: readonly Source[];
  /** Sentences on what is rounded differently than in the model; none where it is exact. */
  readonly notes: readonly string[];
}

/** One operator type that a format's importer knows. */
export interface OperatorSupport {
  /** The operator's name in the format's own schema. */
  readonly name: string;
  /** What becomes of it, with its limits. */
  readonly summary: string;
}

/** A file format of models. */
export interface Format {
  readonly name: string;
  readonly summary: string;
  readonly operators: readonly OperatorSupport[];
  /** Whether the bytes are meant to be of this format, right or broken. */
  readonly recognizes: (bytes: Uint8Array) => boolean;
  /** @throws InvalidConfigError naming the operator that cannot be imported, and the cure */
  readonly read: (bytes: Uint8Array, name: string) => Imported;
}
