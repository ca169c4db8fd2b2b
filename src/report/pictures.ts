// The first images with what they are and what the integer network says they are.

import { defineSection } from './html.ts';
import { encodePng, pngAddress } from './png.ts';
import type { ReportData } from './report-data.ts';

interface PicturesView {
  readonly note: string;
  readonly images: readonly {
    readonly source: string;
    readonly predicted: string;
    readonly label: string;
    readonly resultClass: 'equal' | 'differs';
  }[];
}

const render = defineSection<PicturesView>('pictures.html.hbs');

const SHOWN = 16;

/** Empty where no images were kept. */
export function renderPictures({ pictures }: ReportData): string {
  if (pictures === undefined || pictures.images.length === 0) return '';
  const { classes, rows, columns, channels } = pictures;
  const shown = pictures.images.slice(0, SHOWN);
  const nameOf = (index: number) => classes[index] ?? String(index);
  const right = shown.filter((image) => image.label === image.predicted).length;
  return render({
    note: `The first ${shown.length} test images with the integer network's answer: ${right} right.`,
    images: shown.map(({ label, predicted, pixels }) => ({
      source: pngAddress(encodePng(pixels, rows, columns, channels)),
      predicted: nameOf(predicted),
      label: label === predicted ? '' : `is ${nameOf(label)}`,
      resultClass: label === predicted ? ('equal' as const) : ('differs' as const),
    })),
  });
}
