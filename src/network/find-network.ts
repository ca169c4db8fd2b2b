// The network a user names: one of the list, or a file.

import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import type { NamedNetwork } from './named-network.ts';
import type { Network } from './network.ts';
import { readNetwork } from './network-file.ts';
import * as networks from './networks/index.ts';

/**
 * A network of the list by its name, or the network of a file that ends in `.json`.
 * @throws UnknownNameError, or InvalidConfigError where the file is no network
 */
export function findNetwork(nameOrPath: string): Network {
  if (nameOrPath.endsWith('.json')) return readNetwork(nameOrPath);
  if (/[./\\]/.test(nameOrPath))
    throw new InvalidConfigError(
      `"${nameOrPath}" is no network file`,
      'name a network.json or a design.json, or one of `autonba list networks`',
    );
  return pick<NamedNetwork>('network', networks, nameOrPath).build();
}
