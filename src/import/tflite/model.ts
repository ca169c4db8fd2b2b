// The tables of a TensorFlow Lite file that an importer needs, by the field numbers of the public schema (version 3).

import { refuse } from '../../network/refuse.ts';
import { type FlatTable, openFlat } from './flat.ts';

/** One tensor; what can be long is read only when asked for. */
export interface LiteTensor {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  /** TensorType of the schema. */
  readonly type: number;
  readonly scaleCount: number;
  readonly scales: () => readonly number[];
  readonly zeroPoints: () => readonly number[];
  readonly quantizedDimension: number;
  /** Contents of a constant; empty for a tensor that is computed. */
  readonly data: () => Uint8Array;
}

/** One operator in execution order. */
export interface LiteOperator {
  readonly index: number;
  /** BuiltinOperator of the schema. */
  readonly code: number;
  readonly customCode: string;
  /** -1 where an optional input is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

/** The main graph of a model. */
export interface LiteModel {
  readonly tensors: readonly LiteTensor[];
  readonly operators: readonly LiteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Members of the schema's TensorType that importers meet. */
export const tensorTypes = {
  float32: 0,
  int32: 2,
  uint8: 3,
  int64: 4,
  int16: 7,
  int8: 9,
  int4: 17,
};

const most = { tensors: 20_000, operators: 10_000, rank: 8, operands: 64 };

function bounded(table: FlatTable, field: number, what: string, limit: number): void {
  const count = table.count(field);
  if (count <= limit) return;
  refuse(
    'TensorFlow Lite file',
    `it lists ${count} ${what}`,
    `at most ${limit} can be imported; if the file is damaged, convert the model again`,
  );
}

function shortInts(
  table: FlatTable,
  field: number,
  what: string,
  limit: number,
): readonly number[] {
  bounded(table, field, what, limit);
  return table.ints(field);
}

function readTensor(table: FlatTable, index: number, buffers: readonly FlatTable[]): LiteTensor {
  const quantization = table.table(4);
  const name = table.text(3);
  const shape = shortInts(table, 0, `dimensions of tensor ${index}`, most.rank);
  const signature = shortInts(table, 7, `dimensions of tensor ${index}`, most.rank);
  return {
    index,
    name: name === '' ? `tensor_${index}` : name,
    // An open batch is stored as one in the shape; any other open dimension stays open.
    shape: shape.map((size, axis) => (axis > 0 && (signature[axis] ?? 0) < 0 ? -1 : size)),
    type: table.byte(1),
    scaleCount: quantization?.count(2) ?? 0,
    scales: () => quantization?.floats(2) ?? [],
    zeroPoints: () => {
      // As many as there are scales, or the file means something else.
      const count = quantization?.count(3) ?? 0;
      return count === quantization?.count(2) ? quantization.longs(3) : [];
    },
    quantizedDimension: quantization?.int(6) ?? 0,
    data: () => {
      const buffer = buffers[table.unsignedInt(2)];
      if (buffer !== undefined) return buffer.bytes(0);
      return refuse(
        `tensor "${name}"`,
        'its buffer does not exist',
        'the file is damaged; convert the model again',
      );
    },
  };
}

/** Reads the model's main graph. */
export function readLiteModel(file: Uint8Array): LiteModel {
  const model = openFlat(file);
  bounded(model, 1, 'operator codes', most.operators);
  bounded(model, 2, 'graphs', 1000);
  bounded(model, 4, 'buffers', most.tensors);
  const codes = model.tables(1);
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  if (graph === undefined) {
    return refuse('TensorFlow Lite file', 'it holds no graph', 'convert the model again');
  }
  bounded(graph, 0, 'tensors', most.tensors);
  bounded(graph, 3, 'operators', most.operators);
  const tensors = graph.tables(0).map((table, index) => readTensor(table, index, buffers));
  const operands = (table: FlatTable, field: number): readonly number[] => {
    const list = shortInts(table, field, 'operands of one operator or graph', most.operands);
    const wrong = list.find((index) => index < -1 || index >= tensors.length);
    if (wrong === undefined) return list;
    return refuse(
      'TensorFlow Lite file',
      `an operator uses tensor ${wrong} of ${tensors.length}`,
      'the file is damaged; convert the model again',
    );
  };
  const operators = graph.tables(3).map((table, index): LiteOperator => {
    const code = codes[table.unsignedInt(0)];
    if (code === undefined) {
      return refuse(
        `operator ${index}`,
        'its operator code does not exist',
        'the file is damaged; convert the model again',
      );
    }
    return {
      index,
      // Codes below 127 were stored in one byte before the wider field existed.
      code: Math.max(code.byte(0), code.int(3)),
      customCode: code.text(1),
      inputs: operands(table, 1),
      outputs: operands(table, 2),
      options: table.table(4),
    };
  });
  return { tensors, operators, inputs: operands(graph, 1), outputs: operands(graph, 2) };
}
