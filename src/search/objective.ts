// L = L_val + lambda * cost: how an expected epoch and a target become one number and its slope; and the same as a
// reward, for searches that rank points instead of following slopes.

/** How cost enters the objective. */
export interface CostTerm {
  /** lambda; 0 switches the hardware off. */
  readonly weight: number;
  /** `linear` and `log` always prefer faster, by cycles or by their ratio; `hinge` is satisfied once the target is met. */
  readonly form: 'linear' | 'log' | 'hinge';
  /** Epoch cycles that count as 1. */
  readonly targetCycles: number;
}

/** Value of the cost term and its derivative by epoch cycles. */
export interface CostPenalty {
  readonly value: number;
  readonly slope: number;
}

/** lambda * E / target, lambda * ln(E / target), or lambda * max(0, E / target - 1). */
export function penalize(
  epochCycles: number,
  { weight, form, targetCycles }: CostTerm,
): CostPenalty {
  const ratio = epochCycles / targetCycles;
  const slope = weight / targetCycles;
  if (form === 'linear') return { value: weight * ratio, slope };
  if (form === 'log') return { value: weight * Math.log(ratio), slope: slope / ratio };
  return ratio > 1 ? { value: weight * (ratio - 1), slope } : { value: 0, slope: 0 };
}

/** Exponent of MnasNet's soft objective: 5 % more accuracy are worth twice the cycles. */
const rewardExponent = -0.07;

/**
 * accuracy * (E / target)^w (MnasNet, equation 2): w = -0.07; with a hinge 0 where the target is met and -1 where it is
 * not.
 */
export function rewardOf(accuracy: number, epochCycles: number, cost: CostTerm): number {
  if (cost.weight === 0) return accuracy;
  const ratio = epochCycles / cost.targetCycles;
  if (cost.form === 'hinge') return ratio > 1 ? accuracy / ratio : accuracy;
  return accuracy * ratio ** rewardExponent;
}
