// Families of FPGAs that synthesis knows; a generated directory holds a script for each.

export { ecp5 } from './ecp5.ts';
export { ice40 } from './ice40.ts';
export { xc7 } from './xc7.ts';
