// Pictures in PNG, JPEG, GIF or BMP as bytes of one size: shorter side scaled, middle cut out.

import type { Tensor3D } from '@tensorflow/tfjs-node';
import { tf } from './engine.ts';

/** What only the native library can do. */
interface Decoder {
  readonly decodeImage: (
    bytes: Uint8Array,
    channels: number,
    type: 'int32',
    expandAnimations: boolean,
  ) => Tensor3D;
}

/** Luma of ITU-R BT.601. */
const luma = [0.299, 0.587, 0.114];

/** Colours out of grey, or grey out of colours; transparency is dropped. */
function withChannels(image: Tensor3D, channels: number): Tensor3D {
  const [rows, columns, given] = image.shape;
  const hasColours = given >= 3;
  const opaque = tf.slice(image, [0, 0, 0], [rows, columns, hasColours ? 3 : 1]);
  if (channels === (hasColours ? 3 : 1)) return opaque;
  return hasColours ? tf.sum(opaque.mul(luma), 2, true) : tf.tile(opaque, [1, 1, channels]);
}

/**
 * [rows, columns, channels] bytes, channels last.
 * @throws Error in the library's words where the bytes are no picture
 */
export function decodeImage(
  bytes: Uint8Array,
  [rows, columns, channels]: readonly [number, number, number],
): Uint8Array {
  const { node } = tf as unknown as { readonly node: Decoder | undefined };
  if (node === undefined) throw new Error('pictures need the native TensorFlow addon');
  return tf.tidy(() => {
    const image = withChannels(node.decodeImage(bytes, 0, 'int32', false), channels);
    const [height, width] = image.shape;
    const scale = Math.max(rows / height, columns / width);
    const size: [number, number] = [
      Math.max(rows, Math.round(height * scale)),
      Math.max(columns, Math.round(width * scale)),
    ];
    const isSame = size[0] === height && size[1] === width;
    const scaled = isSame ? image : tf.image.resizeBilinear(image, size, false, true);
    const from = [(size[0] - rows) >> 1, (size[1] - columns) >> 1, 0];
    const cut = tf.slice(scaled, from, [rows, columns, channels]);
    return Uint8Array.from(cut.round().clipByValue(0, 255).dataSync());
  });
}
