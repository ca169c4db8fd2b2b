// The smallest PNG there is: 8 bits a sample, no filter. Bytes depend on the pixels only.

import { crc32, deflateSync } from 'node:zlib';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Colour types of the header by channels: grey, red-green-blue. */
const colourTypes: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/**
 * Encodes one image.
 * @param pixels one byte per sample, row by row, channels last
 * @param channels 1 or 3; of any other number the first is shown as grey
 */
export function encodePng(
  pixels: Uint8Array,
  rows: number,
  columns: number,
  channels: number,
): Buffer {
  const shown = colourTypes[channels] === undefined ? 1 : channels;
  const lineBytes = 1 + columns * shown;
  const raw = Buffer.alloc(rows * lineBytes);
  for (let row = 0; row < rows; row += 1)
    for (let sample = 0; sample < columns * shown; sample += 1) {
      const column = Math.floor(sample / shown);
      const from = (row * columns + column) * channels + (sample % shown);
      raw[row * lineBytes + 1 + sample] = pixels[from] ?? 0;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header[8] = 8;
  header[9] = colourTypes[shown] ?? 0;
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The image as an address that a page can carry in itself. */
export function pngAddress(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
