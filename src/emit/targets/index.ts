// What `autonba generate --target` can emit.

export { hls } from './hls.ts';
export { verilog } from './verilog.ts';
