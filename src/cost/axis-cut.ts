// One axis of a map cut into tiles: what each tile reads, and which tiles are alike.

/** Fields are whole numbers of positions; all below 2^16. */
export class AxisCut {
  /** Output positions of the axis and of a tile, and tiles. */
  size = 0;
  tile = 0;
  /** By how many positions the first tile is smaller than the others. */
  shift = 0;
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
  /** The least and most output positions of one tile. */
  leastOutputs = 0;
  mostOutputs = 0;

  /** First output position of a tile. */
  start(t: number): number {
    return t === 0 ? 0 : t * this.tile - this.shift;
  }

  /** Output positions of a tile. */
  outputs(t: number): number {
    const most = t === 0 ? this.tile - this.shift : this.tile;
    return Math.min(most, this.size - this.start(t));
  }

  /** First input position that a tile reads. */
  low(t: number): number {
    return Math.max(0, this.start(t) * this.stride - this.padding);
  }

  /** Input positions that a tile reads. */
  inputs(t: number): number {
    if (t >= this.first && t <= this.last) return this.taps;
    const from = this.start(t) * this.stride - this.padding;
    const taps = (this.outputs(t) - 1) * this.stride + this.kernel;
    return Math.min(this.limit, from + taps) - Math.max(0, from);
  }

  cut(
    size: number,
    tile: number,
    lead: number,
    stride: number,
    kernel: number,
    padding: number,
    limit: number,
  ): void {
    const whole = Math.min(tile, size);
    const step = whole * stride;
    const taps = step - stride + kernel;
    const shift = lead < whole ? whole - lead : 0;
    this.size = size;
    this.tile = whole;
    this.shift = shift;
    this.stride = stride;
    this.kernel = kernel;
    this.padding = padding;
    this.limit = limit;
    this.taps = taps;
    if (whole === size && shift === 0) {
      const inputs = Math.min(limit, taps - padding);
      this.tiles = 1;
      this.first = 1;
      this.last = 0;
      this.sumInputs = inputs;
      this.leastInputs = inputs;
      this.mostInputs = inputs;
      this.leastOutputs = size;
      this.mostOutputs = size;
      return;
    }
    // A smaller first tile is a whole one that begins before the map.
    const before = padding + shift * stride;
    const tiles = ((size + shift + whole - 1) / whole) | 0;
    const first = before === 0 ? 0 : ((before + step - 1) / step) | 0;
    const lastOutputs = size + shift - (tiles - 1) * whole;
    const complete = lastOutputs === whole ? tiles - 1 : tiles - 2;
    const inside = Math.floor((limit + before - taps) / step);
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
    this.leastOutputs = Math.min(whole - shift, lastOutputs);
    this.mostOutputs = tiles > 2 ? whole : Math.max(whole - shift, lastOutputs);
  }

  /** Sum over the tiles of ceil(outputs / lanes). */
  groups(lanes: number): number {
    const { size, tile, tiles, shift } = this;
    const last = size + shift - (tiles - 1) * tile;
    const whole = ((tile + lanes - 1) / lanes) | 0;
    if (tiles === 1) return ((size + lanes - 1) / lanes) | 0;
    const first = ((tile - shift + lanes - 1) / lanes) | 0;
    return first + (tiles - 2) * whole + (((last + lanes - 1) / lanes) | 0);
  }
}
