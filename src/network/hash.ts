import { hashOf } from '../util/json.ts';
import { encodeNetwork } from './document.ts';
import type { Network } from './network.ts';

/** SHA-256 over everything that a network computes and is called; equal wherever its files lie. */
export function networkHash(network: Network): string {
  return hashOf(encodeNetwork(network, 'network.bin').document);
}
