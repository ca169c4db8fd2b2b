// Runs a network of integers on images: the software the hardware must equal bit for bit.

import { acceleratorOutput, elementsOf, rangeOf } from '../network/geometry.ts';
import { type Network, tensorOf } from '../network/network.ts';
import { refuse } from '../network/refuse.ts';
import { type PreparedNetwork, prepareNetwork } from './prepare.ts';

/** Stored integers of the network's input tensor, images stacked, [image][row][column][channel]. */
export type IntegerImages =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array;

/** Called after each image with how many are done; for progress bars. */
export type ImageProgress = (done: number) => void;

function countImages(network: Network, images: IntegerImages, count: number | undefined): number {
  const size = elementsOf(tensorOf(network, network.input).shape);
  const held = Math.floor(images.length / size);
  const wanted = count ?? held;
  if (count === undefined && images.length % size !== 0) {
    refuse(
      'images',
      `they hold ${images.length} integers, not a multiple of ${size}`,
      `give images in the shape of the input tensor "${network.input}"`,
    );
  }
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= held) return wanted;
  return refuse('images', `${wanted} are asked for, ${held} are given`, `ask for 1 to ${held}`);
}

/** Runs each image and hands the prepared buffers to `visit` after it. */
function forEachImage(
  network: Network,
  images: IntegerImages,
  count: number,
  visit: (image: number, prepared: PreparedNetwork) => void,
): void {
  const prepared = prepareNetwork(network);
  const tensor = tensorOf(network, network.input);
  const { low, high } = rangeOf(tensor);
  const input = bufferOf(prepared, network.input);
  const size = input.length;
  for (let image = 0; image < count; image++) {
    for (let index = 0; index < size; index++) {
      const value = images[image * size + index] ?? 0;
      if (value < low || value > high) {
        refuse(
          `image ${image}`,
          `it holds ${value}, outside [${low}, ${high}] of tensor "${tensor.name}"`,
          'quantize images with the scale and zero point of the input tensor',
        );
      }
      input[index] = value;
    }
    prepared.runImage();
    visit(image, prepared);
  }
}

function bufferOf(prepared: PreparedNetwork, name: string): Float64Array {
  const buffer = prepared.buffers.get(name);
  if (buffer === undefined) throw new Error(`tensor "${name}" has no buffer`);
  return buffer;
}

/**
 * Every tensor of every image, by name, [image][row][column][channel] of stored integers; tensors that the host
 * computes are absent. Meant for hundreds of images; runOutput keeps only the last tensor.
 */
export function runInteger(
  network: Network,
  images: IntegerImages,
  count?: number,
): Map<string, Int32Array> {
  const total = countImages(network, images, count);
  const results = new Map<string, Int32Array>();
  forEachImage(network, images, total, (image, { buffers }) => {
    for (const [name, buffer] of buffers) {
      const stacked = results.get(name) ?? new Int32Array(total * buffer.length);
      stacked.set(buffer, image * buffer.length);
      results.set(name, stacked);
    }
  });
  return results;
}

/** The accelerator's last tensor of every image, [image][row][column][channel]; fast enough for whole test sets. */
export function runOutput(
  network: Network,
  images: IntegerImages,
  count?: number,
  onImage?: ImageProgress,
): Int32Array {
  const total = countImages(network, images, count);
  const name = acceleratorOutput(network);
  const size = elementsOf(tensorOf(network, name).shape);
  const outputs = new Int32Array(total * size);
  forEachImage(network, images, total, (image, prepared) => {
    outputs.set(bufferOf(prepared, name), image * size);
    onImage?.(image + 1);
  });
  return outputs;
}

/** Class of each image: the index of its largest output, the lowest index on ties. */
export function classify(
  network: Network,
  images: IntegerImages,
  count?: number,
  onImage?: ImageProgress,
): Int32Array {
  const outputs = runOutput(network, images, count, onImage);
  const classes = elementsOf(tensorOf(network, acceleratorOutput(network)).shape);
  return new Int32Array(outputs.length / classes).map((_, image) => {
    const scores = outputs.subarray(image * classes, (image + 1) * classes);
    return scores.indexOf(scores.reduce((best, score) => Math.max(best, score)));
  });
}

/** Fraction of images, 0..1, whose class equals their label. */
export function accuracy(
  network: Network,
  images: IntegerImages,
  labels: ArrayLike<number>,
  count?: number,
  onImage?: ImageProgress,
): number {
  const classes = classify(network, images, count, onImage);
  if (labels.length < classes.length) {
    refuse(
      'labels',
      `${labels.length} are given for ${classes.length} images`,
      'give one label per image',
    );
  }
  return classes.filter((predicted, image) => predicted === labels[image]).length / classes.length;
}
