// The verify document: what scripts read of a verification.

import type { Device } from '../accelerator/device.ts';
import type { RunVerdict, Verdict } from './verify.ts';

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** How many cycles a run took by prediction and by simulation. */
function totals(run: RunVerdict): { readonly predicted: number; readonly simulated: number } {
  return {
    predicted: sum(run.epochs.map((epoch) => epoch.predicted)),
    simulated: sum(run.epochs.map((epoch) => epoch.simulated)),
  };
}

/** Figures of the document that the verdict itself does not hold. */
export interface VerifyFigures {
  readonly device: Device;
  readonly epochCycles: number;
  readonly latencyCycles: number;
  /** Share of images classified right, where labels are known. */
  readonly accuracy: number | null;
}

/** The keys of `autonba verify --json` and of verify.json. */
export function verifyDocument(verdict: Verdict, figures: VerifyFigures): Record<string, unknown> {
  const { device, epochCycles, latencyCycles, accuracy } = figures;
  const hertz = device.clockMegahertz * 1e6;
  const [first] = verdict.runs;
  const all = verdict.runs.map(totals);
  return {
    bitExact: verdict.bitExact,
    cycleExact: verdict.cycleExact,
    images: Math.max(0, ...verdict.runs.map((run) => run.images)),
    firstMismatch: verdict.runs.find((run) => run.firstMismatch !== null)?.firstMismatch ?? null,
    cycles: {
      predicted: sum(all.map((run) => run.predicted)),
      simulated: sum(all.map((run) => run.simulated)),
    },
    layers: first?.layers ?? [],
    epochCycles,
    latencyCycles,
    framesPerSecond: hertz / epochCycles,
    latencyMilliseconds: (latencyCycles / hertz) * 1000,
    accuracy,
    simulator: verdict.simulator,
    runs: verdict.runs.map((run) => ({ ...run, cycles: totals(run) })),
  };
}
