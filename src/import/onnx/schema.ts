// The messages of an ONNX file that an importer needs, by the field numbers of the public schema.

import protobuf from 'protobufjs';
import { refuse } from '../../network/refuse.ts';

const schema = `
syntax = "proto3";
message Attribute {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; Tensor t = 5;
  repeated float floats = 7; repeated int64 ints = 8;
}
message Node {
  repeated string input = 1; repeated string output = 2; string name = 3; string opType = 4;
  repeated Attribute attribute = 5; string domain = 7;
}
message Tensor {
  repeated int64 dims = 1; int32 dataType = 2; repeated float floatData = 4;
  repeated int32 int32Data = 5; repeated int64 int64Data = 7; string name = 8; bytes rawData = 9;
  repeated double doubleData = 10; repeated uint64 uint64Data = 11; int32 dataLocation = 14;
}
message Dimension { oneof value { int64 dimValue = 1; string dimParam = 2; } }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elemType = 1; Shape shape = 2; }
message Type { TensorType tensorType = 1; }
message ValueInfo { string name = 1; Type type = 2; }
message Graph {
  repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
  repeated ValueInfo input = 11; repeated ValueInfo output = 12;
}
message OperatorSet { string domain = 1; int64 version = 2; }
message Model { int64 irVersion = 1; Graph graph = 7; repeated OperatorSet opsetImport = 8; }
`;

/** A constant as it is stored: in one of the lists, or raw. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly number[];
  readonly rawData: Uint8Array;
  readonly name: string;
  readonly dataLocation: number;
}

/** An attribute; which field counts is known from its name. */
export interface OnnxAttribute {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t: OnnxTensor | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
}

/** One node in execution order. */
export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly OnnxAttribute[];
  readonly domain: string;
}

/** A tensor that enters or leaves the graph. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: {
        readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[];
      } | null;
    } | null;
  } | null;
}

/** The graph of a model. */
export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
}

const most = { nodes: 20_000, initializers: 40_000 };

let modelType: protobuf.Type | undefined;

/** The message type of schema and files; tests write files with it. */
export function onnxModelType(): protobuf.Type {
  modelType ??= protobuf.parse(schema).root.lookupType('Model');
  return modelType;
}

/** Reads the graph of an ONNX file. */
export function readOnnxGraph(bytes: Uint8Array): OnnxGraph {
  const type = onnxModelType();
  const options = { longs: Number, defaults: true, arrays: true, objects: true };
  let model: { readonly graph?: OnnxGraph | null };
  try {
    model = type.toObject(type.decode(bytes), options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      'ONNX file',
      `it cannot be decoded (${reason.slice(0, 120)})`,
      'the file is truncated or damaged; copy or export it again',
    );
  }
  const { graph } = model;
  if (graph === undefined || graph === null || graph.node.length === 0) {
    return refuse('ONNX file', 'it holds no graph', 'export the model again');
  }
  const { node, initializer } = graph;
  if (node.length > most.nodes || initializer.length > most.initializers) {
    refuse(
      'ONNX file',
      `it lists ${node.length} nodes and ${initializer.length} constants`,
      `at most ${most.nodes} and ${most.initializers} can be imported`,
    );
  }
  return graph;
}
