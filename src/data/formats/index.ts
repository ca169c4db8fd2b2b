// The formats that data sets on disk are read in; an entry here is all the registration there is.

export { cifar10 } from './cifar-10.ts';
export { cifar100 } from './cifar-100.ts';
export { idx } from './idx.ts';
export { imageFolder } from './image-folder.ts';
export { npz } from './npz.ts';
export { svhn } from './svhn.ts';
