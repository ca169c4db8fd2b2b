// One axis of a map cut into tiles: what each tile reads, and which tiles are alike.

/** Fields are whole numbers of positions; all below 2^16. */
export class AxisCut {
  /** Output positions of the axis and of a tile, and tiles. */
  size = 0;
  tile = 0;
  tiles = 0;
  stride = 0;
  kernel = 0;
  padding = 0;
  /** Input positions of the axis. */
  limit = 0;
  /** Tiles from `first` to `last` are whole and touch no edge: each reads `taps` inputs. */
  first = 0;
  last = 0;
  taps = 0;
  /** Over all tiles: inputs read, and the least and most of one tile. */
  sumInputs = 0;
  leastInputs = 0;
  mostInputs = 0;

  /** Output positions of a tile. */
  outputs(t: number): number {
    return Math.min(this.tile, this.size - t * this.tile);
  }

  /** First input position that a tile reads. */
  low(t: number): number {
    return Math.max(0, t * this.tile * this.stride - this.padding);
  }

  /** Input positions that a tile reads. */
  inputs(t: number): number {
    if (t >= this.first && t <= this.last) return this.taps;
    const from = t * this.tile * this.stride - this.padding;
    const taps = (this.outputs(t) - 1) * this.stride + this.kernel;
    return Math.min(this.limit, from + taps) - Math.max(0, from);
  }

  cut(
    size: number,
    tile: number,
    stride: number,
    kernel: number,
    padding: number,
    limit: number,
  ): void {
    const whole = Math.min(tile, size);
    const step = whole * stride;
    const taps = step - stride + kernel;
    this.size = size;
    this.tile = whole;
    this.stride = stride;
    this.kernel = kernel;
    this.padding = padding;
    this.limit = limit;
    this.taps = taps;
    if (whole === size) {
      const inputs = Math.min(limit, taps - padding);
      this.tiles = 1;
      this.first = 1;
      this.last = 0;
      this.sumInputs = inputs;
      this.leastInputs = inputs;
      this.mostInputs = inputs;
      return;
    }
    const tiles = ((size + whole - 1) / whole) | 0;
    const first = padding === 0 ? 0 : ((padding + step - 1) / step) | 0;
    const complete = tiles * whole === size ? tiles - 1 : tiles - 2;
    const inside = Math.floor((limit + padding - taps) / step);
    const last = Math.min(complete, inside);
    this.tiles = tiles;
    this.first = first;
    this.last = last;
    let sum = 0;
    let least = limit;
    let most = 0;
    if (last >= first) {
      sum = (last - first + 1) * taps;
      least = taps;
      most = taps;
    }
    for (let t = 0; t < tiles; t++) {
      if (t === first && last >= first) {
        t = last;
        continue;
      }
      const inputs = this.inputs(t);
      sum += inputs;
      if (inputs < least) least = inputs;
      if (inputs > most) most = inputs;
    }
    this.sumInputs = sum;
    this.leastInputs = least;
    this.mostInputs = most;
  }

  /** Sum over the tiles of ceil(outputs / lanes). */
  groups(lanes: number): number {
    const { size, tile, tiles } = this;
    const last = size - (tiles - 1) * tile;
    return (tiles - 1) * (((tile + lanes - 1) / lanes) | 0) + (((last + lanes - 1) / lanes) | 0);
  }
}
