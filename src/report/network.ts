// The network that was found: its blocks as a strip, its layers as a table.

import { formLayers, type Layer } from '../accelerator/layers.ts';
import type { Choices } from '../supernet/space.ts';
import { defineSection } from './html.ts';
import { grouped, percent } from './numbers.ts';
import { chunkClass } from './palette.ts';
import type { ReportData } from './report-data.ts';

interface NetworkView {
  readonly hasBlocks: boolean;
  readonly blocks: readonly {
    readonly place: string;
    readonly name: string;
    readonly bits: string;
  }[];
  readonly summary: string;
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly shape: string;
    readonly kernel: string;
    readonly weightBits: string;
    readonly inputBits: number;
    readonly macs: string;
    readonly share: string;
    readonly chunk: string;
    readonly chunkClass: string;
  }[];
}

const render = defineSection<NetworkView>('network.html.hbs');

/** Choices of the search, else those the trace ended with. */
function choicesOf({
  search,
  trace,
}: ReportData): Choices | readonly { block: string; bits: string }[] {
  if (search?.choices !== undefined) return search.choices;
  const derived = trace?.findLast((record) => record.derived !== undefined)?.derived ?? [];
  return derived.map((name) => {
    const [block = name, bits = ''] = name.split(':');
    return { block, bits };
  });
}

/** Multiply-accumulate operations of one image. */
function macsOf({ kind, kernel, inputShape, outputShape, groups }: Layer): number {
  const [rows, columns, outputs] = outputShape;
  const inputs = kind === 'depthwise' ? 1 : inputShape[2] / groups;
  return rows * columns * outputs * kernel[0] * kernel[1] * inputs;
}

function kindOf(layer: Layer): string {
  const groups = layer.groups > 1 && layer.kind === 'standard' ? `, ${layer.groups} groups` : '';
  const source = {
    fullyConnected: 'fully connected',
    globalAveragePool: 'average pool',
  } as Readonly<Record<string, string>>;
  const kind =
    source[layer.source.kind] ?? (layer.kind === 'depthwise' ? 'depthwise' : 'convolution');
  return `${kind}${groups}${layer.add === undefined ? '' : ' + add'}`;
}

/** Empty where the network's layers cannot be formed, which a design with a prediction never is. */
export function renderNetwork(data: ReportData): string {
  const { design } = data;
  const formed = formLayers(design.network);
  if (!formed.ok) return '';
  const macs = formed.layers.map(macsOf);
  const total = macs.reduce((sum, count) => sum + count, 0);
  const blocks = choicesOf(data).map(({ block, bits }, index) => ({
    place: `block ${index}`,
    name: block,
    bits: block === 'skip' ? '' : `${bits} bit`,
  }));
  return render({
    hasBlocks: blocks.length > 0,
    blocks,
    summary: `${grouped(total)} multiply-accumulates an image`,
    layers: formed.layers.map((layer, index) => {
      const chunk = design.accelerator.placements[index]?.chunk ?? 0;
      return {
        name: layer.name,
        kind: kindOf(layer),
        shape: `${layer.inputShape.join('×')} → ${layer.outputShape.join('×')}`,
        kernel: layer.kernel.join('×'),
        // An average's weights are all one.
        weightBits: layer.source.kind === 'globalAveragePool' ? '–' : String(layer.weightBits),
        inputBits: layer.input.bits,
        macs: grouped(macs[index] ?? 0),
        share: percent((macs[index] ?? 0) / Math.max(1, total), 1),
        chunk: design.accelerator.chunks[chunk]?.name ?? '',
        chunkClass: chunkClass(chunk),
      };
    }),
  });
}
