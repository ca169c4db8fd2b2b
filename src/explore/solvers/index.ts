export { annealing } from './annealing.ts';
export { coordinate } from './coordinate.ts';
export { das } from './das.ts';
export { evolution } from './evolution.ts';
export { exact } from './exact.ts';
export { exhaustive } from './exhaustive.ts';
export { random } from './random.ts';
export { released } from './released.ts';
