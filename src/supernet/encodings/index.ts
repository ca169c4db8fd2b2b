export { separate } from './separate.ts';
export { superkernel } from './superkernel.ts';
