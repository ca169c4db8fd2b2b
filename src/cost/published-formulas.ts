// Closed forms of other people's accelerators, from their papers and sources.

/** A convolution as Zhang (FPGA 2015) and Shen (ISCA 2017) write it: M outputs, N inputs, R x R maps, K x K kernels. */
export interface TiledLayer {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly kernel: number;
}

/** AlexNet's convolutions, one of the two groups each; both papers cut the first and third in two as well. */
export const alexnetHalves: readonly TiledLayer[] = [
  { name: '1', outputs: 48, inputs: 3, size: 55, kernel: 11 },
  { name: '2', outputs: 128, inputs: 48, size: 27, kernel: 5 },
  { name: '3', outputs: 192, inputs: 256, size: 13, kernel: 3 },
  { name: '4', outputs: 192, inputs: 192, size: 13, kernel: 3 },
  { name: '5', outputs: 128, inputs: 192, size: 13, kernel: 3 },
];

/** One multiply-accumulate in single precision takes so many DSP blocks. */
export const FLOAT_DSP = 5;

/** Multiply-accumulates. */
export const tiledMacs = ({ outputs, inputs, size, kernel }: TiledLayer): number =>
  outputs * inputs * (size * kernel) ** 2;

/** Tiles of Tm outputs by Tn inputs. */
export const tilesOf = (layer: TiledLayer, tm: number, tn: number): number =>
  Math.ceil(layer.outputs / tm) * Math.ceil(layer.inputs / tn);

/** Cycles on an array of Tm x Tn, without anything between tiles: Shen's formula. */
export const tiledCycles = (layer: TiledLayer, tm: number, tn: number): number =>
  tilesOf(layer, tm, tn) * (layer.size * layer.kernel) ** 2;

/** Zhang's cycles: 20 more per tile, but not on the first layer. The reading of the 20 is ours. */
export function pipelinedCycles(layer: TiledLayer, tm: number, tn: number): number {
  const fill = layer.name === '1' ? 0 : 20;
  return tilesOf(layer, tm, tn) * ((layer.size * layer.kernel) ** 2 + fill);
}

/** A layer of DNNBuilder's pipeline, as IBM/AccDNN profiles it: channel and kernel parallelism, and images at once. */
export interface PipelineStage {
  readonly macs: number;
  readonly channels: number;
  readonly kernels: number;
}

/** Cycles of a stage for as many images as run at once. */
export const pipelineCycles = ({ macs, channels, kernels }: PipelineStage): number =>
  macs / (channels * kernels);

/** DSP blocks of a stage's array; 8-bit activations share a block between two products. */
export const pipelineDsp = (
  { channels, kernels }: PipelineStage,
  images: number,
  activationBits = 16,
): number => (channels * kernels * images) / (activationBits === 8 ? 2 : 1);

/** A matrix-vector unit of FINN: MW x MH weights, SIMD inputs and PE outputs at once, for each of so many vectors. */
export interface MatrixVectorUnit {
  readonly width: number;
  readonly height: number;
  readonly simd: number;
  readonly pe: number;
  readonly vectors: number;
}

export const finnCycles = ({ width, height, simd, pe, vectors }: MatrixVectorUnit): number =>
  (height / pe) * (width / simd) * vectors;

/** 18 kbit block RAMs that FINN counts for a memory of weights: as deep as 512 words it is 36 bits wide, else 18. */
export function finnBram18(widthBits: number, depth: number): number {
  if (widthBits === 1) return Math.ceil(depth / 16_384);
  if (widthBits === 2) return Math.ceil(depth / 8192);
  if (widthBits <= 4) return Math.ceil(depth / 4096);
  if (widthBits <= 9) return Math.ceil(depth / 2048);
  return widthBits <= 18 || depth > 512
    ? Math.ceil(depth / 1024) * Math.ceil(widthBits / 18)
    : Math.ceil(depth / 512) * Math.ceil(widthBits / 36);
}
