// What published figures ask of our own networks.

import { macsOf } from '../network/geometry.ts';
import type { NamedNetwork } from '../network/named-network.ts';
import type { Operator } from '../network/network.ts';

/** Multiply-accumulates of the convolutions of a network, by name, one image. */
export function macsByConv(named: NamedNetwork): ReadonlyMap<string, number> {
  const network = named.build();
  const isConv = ({ kind }: Operator): boolean => kind === 'conv' || kind === 'depthwiseConv';
  return new Map(
    network.operators.filter(isConv).map((operator) => [operator.name, macsOf(network, operator)]),
  );
}

/** Multiply-accumulates of all convolutions of one image. */
export const convMacs = (named: NamedNetwork): number =>
  [...macsByConv(named).values()].reduce((sum, macs) => sum + macs, 0);
