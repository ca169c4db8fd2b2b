// Formats of models; which one a file is of is told by its content, in this order.

export { onnx } from './onnx.ts';
export { tflite } from './tflite.ts';
