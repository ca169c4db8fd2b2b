export { emitVerilog } from './verilog.ts';
