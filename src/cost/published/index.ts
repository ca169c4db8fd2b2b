export { dnnbuilder2018 } from './dnnbuilder-2018.ts';
export { eyeriss2017 } from './eyeriss-2017.ts';
export { finn } from './finn.ts';
export { qiu2016 } from './qiu-2016.ts';
export { shen2017 } from './shen-2017.ts';
export { zhang2015 } from './zhang-2015.ts';
