// Families of FPGAs that synthesis knows; a generated directory holds a script for each.

export { xc7 } from './xc7.ts';
