// One design of every list within limits on any figures: of all choices the one with the least score, leanest of equals.

import { type ResourceName, type Resources, resourceNames } from '../cost/resources.ts';
import { addFigures, type Figures } from './figures.ts';
import { compareResources, figuresOf, leastFiguresOf, type Option } from './problem.ts';

/** Some designs together, as the last of them and what went before. */
interface Chain {
  readonly figures: Figures;
  readonly option?: Option;
  readonly before?: Chain;
}

/** What is asked of a choice. */
export interface Request {
  /** Figures of no design at all. */
  readonly start: Figures;
  readonly budget: Resources;
  /** Figures beside the resources on which anything depends. */
  readonly names: readonly (keyof Figures)[];
  /** Whether figures keep all limits, the budget among them; holds for whatever takes nowhere more. */
  readonly isOpen: (figures: Figures) => boolean;
  readonly score: (figures: Figures) => number;
}

/** Resources that might run out; of the others there is enough whatever is chosen. */
function scarceOf(lists: readonly (readonly Option[])[], budget: Resources): ResourceName[] {
  return resourceNames.filter((name) => {
    const most = lists.reduce(
      (sum, list) => sum + list.reduce((top, { resources }) => Math.max(top, resources[name]), 0),
      0,
    );
    return most > budget[name];
  });
}

/**
 * Of chains those that no other makes needless: one that is nowhere worse in these figures and leaner, or equal and
 * earlier. What is leaner stays leaner whatever is added to both.
 */
function needed<T extends { readonly figures: Figures }>(
  chains: T[],
  names: readonly (keyof Figures)[],
): T[] {
  chains.sort((left, right) => compareResources(left.figures, right.figures));
  const kept: T[] = [];
  for (const chain of chains) {
    const { figures } = chain;
    const isNeedless = kept.some((other) =>
      names.every((name) => other.figures[name] <= figures[name]),
    );
    if (!isNeedless) kept.push(chain);
  }
  return kept;
}

/** One design per list, or undefined where no choice is open. */
export function joinWithin(
  lists: readonly (readonly Option[])[],
  { start, budget, names, isOpen, score }: Request,
): readonly Option[] | undefined {
  const figureNames = [...new Set([...names, ...scarceOf(lists, budget)])];
  const fronts = lists.map((list) =>
    needed(
      list.map((option): Chain => ({ figures: figuresOf(option), option })),
      figureNames,
    ),
  );
  // Short lists first, so that what is open stays little for long.
  const order = fronts
    .map((_, c) => c)
    .sort((a, b) => (fronts[a]?.length ?? 0) - (fronts[b]?.length ?? 0));
  const behind: (Figures | undefined)[] = [];
  for (let k = order.length - 1; k >= 0; k--) {
    const least = leastFiguresOf((fronts[order[k] ?? 0] ?? []).map(({ figures }) => figures));
    if (least === undefined) return undefined;
    const further = behind[k + 1];
    behind[k] = further === undefined ? least : addFigures(least, further);
  }
  let chains: Chain[] = [{ figures: start }];
  order.forEach((c, k) => {
    const grown: Chain[] = [];
    const rest = behind[k + 1];
    for (const before of chains)
      for (const { figures: own, option } of fronts[c] ?? []) {
        const figures = addFigures(before.figures, own);
        if (!isOpen(rest === undefined ? figures : addFigures(figures, rest))) continue;
        grown.push({ figures, before, ...(option && { option }) });
      }
    chains = needed(grown, figureNames);
  });
  let best: Chain | undefined;
  for (const chain of chains)
    if (best === undefined || score(chain.figures) < score(best.figures)) best = chain;
  if (best === undefined) return undefined;
  const options = new Array<Option | undefined>(lists.length);
  let chain: Chain | undefined = best;
  for (let k = order.length - 1; k >= 0; k--) {
    options[order[k] ?? 0] = chain?.option;
    chain = chain?.before;
  }
  return options.filter((option) => option !== undefined);
}
