// Formats of models; the file of one of them is told by its content.

export { tflite } from './tflite.ts';
