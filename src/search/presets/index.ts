export { micro } from './micro.ts';
export { nano } from './nano.ts';
export { toy } from './toy.ts';
