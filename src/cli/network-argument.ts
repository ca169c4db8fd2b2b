// NETWORK on the command line: a network of the list, a network file, a design whose network is meant, or a model.

import type { Design } from '../cost/design.ts';
import { isDesignDocument, readDesign } from '../cost/design-file.ts';
import { importModel, modelEndings } from '../import/import-model.ts';
import type { Imported } from '../import/imported.ts';
import { findNetwork } from '../network/find-network.ts';
import type { Network } from '../network/network.ts';
import { readNetwork } from '../network/network-file.ts';
import { readJson } from '../util/json.ts';

/** What the user named; `design` where the file is one, `imported` where it is a model of another tool. */
export interface NetworkArgument {
  readonly network: Network;
  readonly design?: Design;
  readonly imported?: Imported;
}

/** How commands describe it. */
export const networkArgumentText =
  'a name of `autonba list networks`, network.json, design.json, MODEL.tflite or MODEL.onnx';

/** @throws UnknownNameError, or InvalidConfigError where the file is none of them or cannot be imported */
export function readNetworkArgument(path: string): NetworkArgument {
  if (modelEndings.some((ending) => path.endsWith(ending))) {
    const imported = importModel(path);
    return { network: imported.network, imported };
  }
  if (!path.endsWith('.json')) return { network: findNetwork(path) };
  // A network's reader checks size and kind of the file before it opens it, so it goes first.
  if (!looksLikeDesign(path)) return { network: readNetwork(path) };
  const design = readDesign(path);
  return { network: design.network, design };
}

function looksLikeDesign(path: string): boolean {
  try {
    return isDesignDocument(readJson(path));
  } catch {
    // The reader of networks says what is wrong with it.
    return false;
  }
}
