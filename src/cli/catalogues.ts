// What `autonba list` can name. Each registry is loaded only when asked for.

/** One line of a list; a registry entry has more, all of which `--json` shows. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
}

/** The key is what users type after `list`. */
export const catalogues: Readonly<Record<string, () => Promise<readonly CatalogueEntry[]>>> = {
  datasets: async () => Object.values(await import('../data/datasets/index.ts')),
};
