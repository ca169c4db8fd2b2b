// Grouped 1x1 convolutions as dense ones with zeros: exact, and cheaper than a shuffle operation.

/**
 * 1 where input and output belong to one group, [inputs x outputs]. `plain` is the order of a grouped convolution;
 * `shuffled` is the order after the channel shuffle that follows it: output p then comes from group p mod groups.
 */
export function groupMask(
  inputs: number,
  outputs: number,
  groups: number,
  order: 'plain' | 'shuffled',
): Float32Array {
  const mask = new Float32Array(inputs * outputs);
  for (let input = 0; input < inputs; input += 1) {
    const group = Math.floor((input * groups) / inputs);
    for (let output = 0; output < outputs; output += 1) {
      const owner = order === 'plain' ? Math.floor((output * groups) / outputs) : output % groups;
      if (owner === group) mask[input * outputs + output] = 1;
    }
  }
  return mask;
}
