export { alexnet } from './alexnet.ts';
export { autoNbaDemo } from './auto-nba-demo.ts';
export { efficientnetB0 } from './efficientnet-b0.ts';
export { mobilenetV1 } from './mobilenet-v1-025-96.ts';
export { mobilenetV2 } from './mobilenet-v2.ts';
export { resnet8 } from './resnet8.ts';
export { resnet18 } from './resnet18.ts';
export { vgg16 } from './vgg16.ts';
