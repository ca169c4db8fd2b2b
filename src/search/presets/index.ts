export { autoNbaCifar } from './auto-nba-cifar.ts';
export { autoNbaImagenet } from './auto-nba-imagenet.ts';
export { fbnet } from './fbnet.ts';
export { micro } from './micro.ts';
export { nano } from './nano.ts';
export { small } from './small.ts';
export { toy } from './toy.ts';
