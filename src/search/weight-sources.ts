// Where the weights of the derived network come from.

/** A source of weights; every one ends with measured moments and integers. */
export interface WeightSource {
  readonly summary: string;
  /** It starts from the shared network's weights. */
  readonly inherits: boolean;
  /** It is trained on. */
  readonly trains: boolean;
}

export const weightSources = {
  scratch: { summary: 'trained from scratch with its bits', inherits: false, trains: true },
  warm: { summary: "trained from the shared network's weights", inherits: true, trains: true },
  inherit: { summary: "the shared network's, not trained on", inherits: true, trains: false },
} satisfies Record<string, WeightSource>;

export type WeightSourceName = keyof typeof weightSources;
