// `autonba explore --profile autonba-compat`: the released model's own space, for comparison with its figures.

import { compatLayers, compatLimits } from '../cost/compat.ts';
import { type CompatResult, exploreCompat } from '../explore/compat.ts';
import type { Solver } from '../explore/solver.ts';
import type { Network } from '../network/network.ts';
import { InvalidConfigError } from '../util/errors.ts';
import type { Answer } from './command.ts';
import { textTable } from './estimate-text.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

function textOf(result: CompatResult, mode: number | undefined): string {
  const { chunks, designs, provenOptimal } = result;
  return [
    `${result.framesPerSecond.toFixed(1)} frames/s at 200 MHz by the released model's formulas, an image every ${whole(result.cycles)} cycles`,
    `${whole(result.dsp)} of ${compatLimits.dsp} DSP, ${whole(result.bram)} of ${compatLimits.bram} block RAMs, its demo's limits`,
    '',
    ...textTable([
      ['chunk', 'mode', 'Tr Tc Tm Tn', 'Pr Pc Pm Pn', 'cycles', 'dsp', 'bram'],
      ...chunks.map(({ name, design, cycles, dsp, bram }) => [
        name,
        `${design.mode}`,
        `${design.bufferRows} ${design.bufferColumns} ${design.bufferOutputs} ${design.bufferInputs}`,
        `${design.rows} ${design.columns} ${design.outputs} ${design.inputs}`,
        whole(cycles),
        `${dsp}`,
        `${bram}`,
      ]),
    ]),
    '',
    `${whole(designs)} designs of single chunks${mode === undefined ? '' : `, comp_mode fixed to ${mode}`}${provenOptimal ? ', proven optimal in that space' : ''}; no hardware takes these cycles: defects of the model are kept`,
  ].join('\n');
}

/** Solves the released space for a network; it has no hardware, so no design is written. */
export function exploreByReleasedModel(
  network: Network,
  solver: Solver,
  mode: number | undefined,
): Answer {
  if (mode !== undefined && ![0, 1, 2].includes(mode))
    throw new InvalidConfigError(`--comp-mode is ${mode}`, 'give 0, 1 or 2');
  const options = { solver, ...(mode === undefined ? {} : { mode }) };
  const result = exploreCompat(compatLayers(network), options);
  if (result === undefined)
    return {
      document: { profile: 'autonba-compat', fits: false },
      text: 'nothing of the released space fits 900 DSP and 700 block RAMs',
      exitCode: 1,
    };
  return {
    document: { profile: 'autonba-compat', fits: true, ...result },
    text: textOf(result, mode),
  };
}
