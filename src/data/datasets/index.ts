// The data sets; an entry here is all the registration there is.

export { fashionMnist } from './fashion-mnist.ts';
export { fashionMnist14 } from './fashion-mnist-14.ts';
