// What the designs of each cell of a chunk's space take at least, energy and area included.

import type { MultiplierStyle } from '../accelerator/accelerator.ts';
import { defined } from '../util/errors.ts';
import { type Cells, cellResources } from './cells.ts';
import { type ChunkFrame, leastChunk } from './chunk-frame.ts';
import { unpacked } from './coordinates.ts';
import type { Figures } from './figures.ts';
import { arrayKey, type ChunkTable } from './layer-table.ts';
import type { Space } from './space.ts';
import { areaOn, type Weighing } from './weighing.ts';

/** Energy and area of cells; cycles and resources stay with the cells, where they are raised as more is known. */
export class WeighedCells {
  readonly #cells: Cells;
  readonly #femtojoules: Float64Array;
  readonly #area: Float64Array;

  /** @param tables per residency, one a layer */
  constructor(
    cells: Cells,
    space: Space,
    frame: ChunkFrame,
    tables: readonly (readonly ChunkTable[])[],
    styles: readonly MultiplierStyle[],
    weighing: Weighing | undefined,
  ) {
    this.#cells = cells;
    this.#femtojoules = new Float64Array(cells.cycles.length);
    this.#area = new Float64Array(cells.cycles.length);
    if (weighing === undefined) return;
    // All cells of an array and a policy take the same energy at least.
    const energies = new Map<number, number>();
    for (let cell = 0; cell < cells.cycles.length; cell++) {
      if (cells.cycles[cell] === Number.POSITIVE_INFINITY) continue;
      const [rows = 0, outputs = 0, inputs = 0, requantizers = 0, residency = 0, style = 0] =
        unpacked(cells.shape, cell);
      const index = { rows, outputs, inputs };
      const key = arrayKey(space, index) * tables.length + residency;
      const energy =
        energies.get(key) ??
        defined(tables[residency], 'residency').reduce(
          (sum, table) => sum + (table.leastFemtojoules?.(index) ?? 0),
          0,
        );
      energies.set(key, energy);
      this.#femtojoules[cell] = energy;
      const chunk = leastChunk(space, frame, index, requantizers, defined(styles[style], 'style'));
      this.#area[cell] = areaOn(weighing, chunk, cellResources(cells, cell));
    }
  }

  /** Visits the cells some of whose designs may pass, with what their designs take at least. */
  visit(
    isOpen: (figures: Figures) => boolean,
    visit: (cell: number, figures: Figures) => void,
  ): void {
    const { cycles } = this.#cells;
    for (let cell = 0; cell < cycles.length; cell++) {
      const least = cycles[cell] ?? Number.POSITIVE_INFINITY;
      const femtojoules = this.#femtojoules[cell] ?? 0;
      if (least === Number.POSITIVE_INFINITY || femtojoules === Number.POSITIVE_INFINITY) continue;
      const figures: Figures = {
        ...cellResources(this.#cells, cell),
        paceCycles: least,
        latencyCycles: least,
        femtojoules,
        area: this.#area[cell] ?? 0,
      };
      if (isOpen(figures)) visit(cell, figures);
    }
  }
}
