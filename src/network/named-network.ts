// What a network of the list is: its shape, where that was published, and no weights.

import type { Network } from './network.ts';

/** A variation of `src/network/networks/`: for `explore` and `estimate`, which need no weights. */
export interface NamedNetwork {
  /** What users type, where the export in kebab-case would read badly. */
  readonly name?: string;
  readonly summary: string;
  /** Where its layers were published, and what is left out here. */
  readonly source: string;
  build(): Network;
}
