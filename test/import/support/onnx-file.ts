// Writes small ONNX files for tests.

import { onnxModelType } from '../../../src/import/onnx/schema.ts';

/** A node: [type, inputs, output, attributes, domain]. */
export type NodeSpec = readonly [
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes?: Readonly<Record<string, number | string | readonly number[]>>,
  domain?: string,
];

/** A constant: dims and values; int8 and the like by their number in the schema, float32 by default. */
export interface ConstantSpec {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  readonly type?: number;
}

/** A whole file. */
export interface OnnxSpec {
  readonly input: readonly number[];
  readonly inputType?: number;
  readonly nodes: readonly NodeSpec[];
  readonly constants: Readonly<Record<string, ConstantSpec>>;
  readonly output: string;
  /** Name of an open dimension in place of the input's first. */
  readonly open?: string;
}

export const one = (value: number, type?: number): ConstantSpec => ({
  dims: [],
  values: [value],
  ...(type === undefined ? {} : { type }),
});

function raw({ values, type = 1 }: ConstantSpec): Uint8Array {
  switch (type) {
    case 2:
      return Uint8Array.from(values);
    case 3:
      return new Uint8Array(Int8Array.from(values).buffer);
    case 6:
      return new Uint8Array(Int32Array.from(values).buffer);
    case 7:
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    default:
      return new Uint8Array(Float32Array.from(values).buffer);
  }
}

function attribute(name: string, value: number | string | readonly number[]) {
  if (typeof value === 'string') return { name, s: Buffer.from(value) };
  if (typeof value !== 'number') return { name, ints: value };
  return Number.isInteger(value) ? { name, i: value } : { name, f: value };
}

/** The bytes of the file. */
export function writeOnnx(spec: OnnxSpec): Uint8Array {
  const dim = spec.input.map((dimValue, axis) =>
    axis === 0 && spec.open !== undefined ? { dimParam: spec.open } : { dimValue },
  );
  const type = { tensorType: { elemType: spec.inputType ?? 1, shape: { dim } } };
  const model = onnxModelType();
  return model
    .encode(
      model.fromObject({
        irVersion: 8,
        opsetImport: [{ version: 13 }],
        graph: {
          name: 'g',
          node: spec.nodes.map(([opType, input, output, attributes = {}, domain = '']) => ({
            opType,
            input,
            output: [output],
            name: `${opType}_${output}`,
            domain,
            attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
          })),
          initializer: Object.entries(spec.constants).map(([name, constant]) => ({
            name,
            dims: constant.dims,
            dataType: constant.type ?? 1,
            rawData: raw(constant),
          })),
          input: [{ name: 'x', type }],
          output: [{ name: spec.output }],
        },
      }),
    )
    .finish();
}
