// Collects tensors and operators while a model is walked, and makes a valid network of them.

import {
  inputsOf,
  type Network,
  type Operator,
  type Shape,
  type Tensor,
} from '../network/network.ts';
import { refuse } from '../network/refuse.ts';
import { validateNetwork } from '../network/validate.ts';
import { createNames, plainName } from './names.ts';

/** What the importers of all formats write to. */
export interface NetworkBuilder {
  /** Adds a tensor under a name like the wanted one, and says which. */
  addTensor(wanted: Tensor): string;
  tensor(name: string): Tensor;
  /** Another description of a tensor that exists: the shape of an input nobody has read yet. */
  replaceTensor(tensor: Tensor): void;
  /** Adds an operator under a name like its own; its tensors must have been added. */
  addOperator(operator: Operator): void;
  isRead(tensor: string): boolean;
  producer(tensor: string): Operator | undefined;
  /** Takes the place of the operator that writes the same tensor. */
  replaceOperator(operator: Operator): void;
  build(input: string, output: string): Network;
}

/** @param modelName what the network is called, made plain */
export function createNetworkBuilder(modelName: string): NetworkBuilder {
  const tensors = new Map<string, Tensor>();
  const operators: Operator[] = [];
  const readers = new Set<string>();
  const producers = new Map<string, number>();
  const tensorName = createNames('tensor');
  const operatorName = createNames('operator');

  const tensor = (name: string): Tensor => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`tensor "${name}" was never added`);
    return found;
  };

  const build = (input: string, output: string): Network => {
    const used = reachable(operators, output);
    const kept = operators.filter((operator) => used.has(operator.output));
    const network: Network = {
      name: plainName(modelName, 'network'),
      input,
      output,
      tensors: [...tensors.values()].filter(({ name }) => name === input || used.has(name)),
      operators: kept,
    };
    if (!used.has(input) || kept.length === 0) {
      refuse(
        `model "${network.name}"`,
        'its output does not depend on its input',
        'export a graph whose output is computed from its input',
      );
    }
    validateNetwork(network);
    return network;
  };

  return {
    tensor,
    build,
    addTensor: (wanted) => {
      const name = tensorName(wanted.name);
      tensors.set(name, { ...wanted, name });
      return name;
    },
    replaceTensor: (changed) => {
      tensors.set(tensor(changed.name).name, changed);
    },
    addOperator: (operator) => {
      for (const read of inputsOf(operator)) readers.add(tensor(read).name);
      producers.set(tensor(operator.output).name, operators.length);
      operators.push({ ...operator, name: operatorName(operator.name) });
    },
    isRead: (name) => readers.has(name),
    producer: (name) => operators[producers.get(name) ?? -1],
    replaceOperator: (operator) => {
      operators[producers.get(operator.output) ?? operators.length] = operator;
    },
  };
}

/** Tensors that the output depends on, itself among them. */
function reachable(operators: readonly Operator[], output: string): Set<string> {
  const used = new Set([output]);
  for (const operator of [...operators].reverse()) {
    if (!used.has(operator.output)) continue;
    for (const name of inputsOf(operator)) used.add(name);
  }
  return used;
}

/** Dimensions of one image, any rank up to four with a batch of one, as rows, columns and channels. */
export function mapShape(subject: string, dimensions: readonly number[]): Shape {
  const open = dimensions.findIndex((size) => !Number.isInteger(size) || size < 1);
  if (open >= 0) {
    refuse(
      subject,
      `dimension ${open} of its shape [${dimensions.slice(0, 8).join(', ')}] is not fixed`,
      'export the model with a fixed input shape and a batch of one',
    );
  }
  const [batch = 1, ...rest] = dimensions;
  if (dimensions.length > 1 && batch !== 1) {
    refuse(
      subject,
      `its shape [${dimensions.slice(0, 8).join(', ')}] has a batch of ${batch}`,
      'export the model with a batch of one',
    );
  }
  const sizes = dimensions.length > 1 ? rest : [...dimensions];
  if (sizes.length > 3) {
    refuse(
      subject,
      `its shape [${dimensions.slice(0, 8).join(', ')}] has too many dimensions`,
      'only maps of rows, columns and channels can be imported',
    );
  }
  const [channels = 1, columns = 1, rows = 1] = [...sizes].reverse();
  return [rows, columns, channels];
}
