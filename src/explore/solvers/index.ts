export { coordinate } from './coordinate.ts';
export { exact } from './exact.ts';
export { random } from './random.ts';
