// Tables of energies, by name.

export { accelergy45nm } from './accelergy-45nm.ts';
export { horowitz45nm } from './horowitz-45nm.ts';
