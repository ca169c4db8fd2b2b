export { pynqZ2 } from './pynq-z2.ts';
export { zc706 } from './zc706.ts';
