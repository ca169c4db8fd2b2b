// Where the design came from, and the files that lie beside the page.

import { formatBytes, formatSeconds } from '../util/units.ts';
import { memoryText } from './cycles.ts';
import { defineSection } from './html.ts';
import type { ReportData } from './report-data.ts';

interface ProvenanceView {
  readonly rows: readonly { readonly name: string; readonly value: string }[];
  readonly hasFiles: boolean;
  readonly files: readonly { readonly address: string; readonly path: string }[];
}

const render = defineSection<ProvenanceView>('provenance.html.hbs');

/** Relative and nothing else: a path must not become an address of another kind. */
function addressOf(path: string): string {
  return `./${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Everything needed to make the same design again. */
export function renderProvenance({
  design,
  search,
  verification,
  memory,
  origins = [],
  files = [],
}: ReportData): string {
  const { strategy, seed, device, dataset } = design.provenance;
  const rows: (readonly [string, string | undefined])[] = [
    ['strategy', strategy],
    ['seed', String(seed)],
    ['preset', search?.preset],
    ['data set', dataset ?? search?.dataset],
    ['device', device],
    ['memory contract of the prediction', memoryText(memory)],
    [
      'search',
      search?.searchSeconds === undefined ? undefined : formatSeconds(search.searchSeconds),
    ],
    [
      'final training',
      search?.trainingSeconds === undefined ? undefined : formatSeconds(search.trainingSeconds),
    ],
    [
      'peak memory of the search',
      search?.peakResidentBytes === undefined ? undefined : formatBytes(search.peakResidentBytes),
    ],
    [
      'simulator',
      verification === undefined
        ? undefined
        : `${verification.simulator.name} ${verification.simulator.version}, ${verification.simulator.kiloCyclesPerSecond.toFixed(0)} kilo-cycles/s`,
    ],
    ...origins,
  ];
  return render({
    rows: rows.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    hasFiles: files.length > 0,
    files: files.map((path) => ({ address: addressOf(path), path })),
  });
}
