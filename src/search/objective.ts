// L = L_val + lambda * cost: how an expected epoch and a target become one number and its slope.

/** How cost enters the objective. */
export interface CostTerm {
  /** lambda; 0 switches the hardware off. */
  readonly weight: number;
  /** `linear` always prefers faster; `hinge` is satisfied once the target is met. */
  readonly form: 'linear' | 'hinge';
  /** Epoch cycles that count as 1. */
  readonly targetCycles: number;
}

/** Value of the cost term and its derivative by epoch cycles. */
export interface CostPenalty {
  readonly value: number;
  readonly slope: number;
}

/** lambda * E / target, or lambda * max(0, E / target - 1). */
export function penalize(
  epochCycles: number,
  { weight, form, targetCycles }: CostTerm,
): CostPenalty {
  const ratio = epochCycles / targetCycles;
  const slope = weight / targetCycles;
  if (form === 'linear') return { value: weight * ratio, slope };
  return ratio > 1 ? { value: weight * (ratio - 1), slope } : { value: 0, slope: 0 };
}
