// What `autonba list` can name. Each registry is loaded only when asked for.

import { nameOf } from '../util/pick.ts';

/** What every entry of a registry says of itself; `--json` shows the rest too. */
interface Described {
  readonly summary: string;
}

/** One line of a list. */
export interface CatalogueEntry extends Described {
  readonly name: string;
}

/** The key is what users type after `list`. */
export const catalogues: Readonly<Record<string, () => Promise<readonly CatalogueEntry[]>>> = {
  datasets: async () => entriesOf(await import('../data/datasets/index.ts')),
  formats: async () => entriesOf(await import('../data/formats/index.ts')),
  presets: async () => entriesOf(await import('../search/presets/index.ts')),
  ablations: async () => entriesOf(await import('../search/ablations/index.ts')),
  strategies: async () => entriesOf(await import('../search/strategies/index.ts')),
  networks: async () => entriesOf(await import('../network/networks/index.ts')),
  devices: async () => entriesOf(await import('../accelerator/devices/index.ts')),
  targets: async () => entriesOf(await import('../emit/targets/index.ts')),
  'energy-tables': async () => entriesOf(await import('../cost/energy-tables/index.ts')),
  operators: async () => (await import('../import/operators.ts')).listOperators(),
  solvers: async () => entriesOf(await import('../explore/solvers/index.ts')),
};

/** A registry's entries under the names users type. */
function entriesOf(registry: Readonly<Record<string, Described>>): CatalogueEntry[] {
  return Object.entries(registry).map(([key, entry]) => ({ ...entry, name: nameOf(key, entry) }));
}
