// Weights and requantization records as the chunk consumes them (docs/hardware.md 2).

import { chunkGeometry, type LayerPlan, lanesOf, recordBits } from '../schedule/plan.ts';
import type { LayerNumbers } from './numbers.ts';
import { putBits } from './pack.ts';

/** Array words in consumption order; absent weights are 0. */
export function packWeights(plan: LayerPlan, numbers: LayerNumbers): Uint8Array {
  const { layer, chunk, busBits } = plan;
  const geometry = chunkGeometry(chunk, busBits);
  const [kernelRows, kernelColumns] = layer.kernel;
  const depthwise = layer.kind === 'depthwise';
  const perGroup = depthwise ? 1 : layer.inputShape[2] / layer.groups;
  const outputsPerGroup = layer.outputShape[2] / layer.groups;
  const bytes = new Uint8Array((plan.weightBeats * busBits) / 8);
  for (const step of plan.steps) {
    const output = plan.outputs[step.output];
    if (output === undefined) continue;
    let word = 0;
    for (let outputGroup = 0; outputGroup < output.outputGroups; outputGroup++)
      for (let inputGroup = 0; inputGroup < step.inputGroups; inputGroup++)
        for (let i = 0; i < kernelRows; i++)
          for (let j = 0; j < kernelColumns; j++, word++) {
            const base =
              step.weightAddress * busBits +
              (geometry.weightWordsPerBeat > 1
                ? Math.floor(word / geometry.weightWordsPerBeat) * busBits +
                  (word % geometry.weightWordsPerBeat) * geometry.weightWordBits
                : word * geometry.weightBeatsPerWord * busBits);
            for (let m = 0; m < chunk.outputs; m++) {
              const within = outputGroup * chunk.outputs + m;
              if (within >= output.channels) break;
              const position = output.start + within;
              const group = Math.floor(
                (layer.permutation?.[position] ?? position) / outputsPerGroup,
              );
              for (let n = 0; n < geometry.weightLanes; n++) {
                const lane = inputGroup * chunk.inputs + n;
                if (!depthwise && lane >= step.channels) break;
                // Input channel within the operator's group; lanes of other groups keep weight 0.
                const channel = depthwise ? 0 : step.start + lane - group * perGroup;
                if (channel < 0 || channel >= perGroup) continue;
                const index =
                  ((position * kernelRows + i) * kernelColumns + j) * perGroup + channel;
                const bit = base + (m * geometry.weightLanes + n) * chunk.weightBits;
                putBits(bytes, bit, chunk.weightBits, numbers.weights[index] ?? 0);
              }
            }
          }
  }
  return bytes;
}

/** Records of every lane of the last block, fields as schedule/plan.ts names them; spare ones store the zero point. */
export function packRecords(plan: LayerPlan, numbers: LayerNumbers): Uint8Array {
  const lanes = lanesOf(plan.busBits, plan.outputSlotBits);
  const bytes = new Uint8Array((plan.parameterBeats * plan.busBits) / 8);
  for (const output of plan.outputs)
    for (let k = 0; k < output.outputBlocks * lanes; k++) {
      const bit = output.parameterAddress * plan.busBits + k * recordBits(plan.chunk);
      const position = output.start + k;
      const isTflite = plan.chunk.form === 'tflite';
      if (k >= output.channels) {
        if (!isTflite) putBits(bytes, bit + 48, 6, 1);
        putBits(bytes, bit + (isTflite ? 80 : 54), 1, 1);
        continue;
      }
      const shift = numbers.shifts[position] ?? 1;
      putBits(bytes, bit, 32, numbers.bias[position] ?? 0);
      putBits(bytes, bit + 32, isTflite ? 32 : 16, numbers.multipliers[position] ?? 0);
      if (isTflite) {
        putBits(bytes, bit + 64, 8, Math.max(0, -shift));
        putBits(bytes, bit + 72, 8, Math.max(0, shift));
      } else putBits(bytes, bit + 48, 6, shift);
    }
  return bytes;
}
