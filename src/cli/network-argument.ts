// NETWORK on the command line: a network of the list, a network file, or a design whose network is meant.

import type { Design } from '../cost/design.ts';
import { isDesignDocument, readDesign } from '../cost/design-file.ts';
import { findNetwork } from '../network/find-network.ts';
import type { Network } from '../network/network.ts';
import { readNetwork } from '../network/network-file.ts';
import { readJson } from '../util/json.ts';

/** What the user named; `design` where the file is one. */
export interface NetworkArgument {
  readonly network: Network;
  readonly design?: Design;
}

/** @throws UnknownNameError, or InvalidConfigError where the file is neither a network nor a design */
export function readNetworkArgument(path: string): NetworkArgument {
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
