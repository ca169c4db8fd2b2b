// Every command, with what `autonba --help` says of it; its module is loaded only when it is called.

import type { Command } from './command.ts';

/** A command as the help page knows it. */
export interface CommandEntry {
  /** The name with its positional arguments, in yargs' notation: <required>, [optional]. */
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** The key is the command's name. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  demo: {
    usage: 'demo',
    summary: 'the whole path on real images: search, generate, verify, report',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  search: {
    usage: 'search [config]',
    summary: 'search network, bit-widths and accelerator together',
    load: async () => (await import('./commands/search.ts')).search,
  },
  ablate: {
    usage: 'ablate',
    summary: 'the joint search with one thing changed at a time, against the known truth',
    load: async () => (await import('./commands/ablate.ts')).ablate,
  },
  generate: {
    usage: 'generate <design>',
    summary: 'emit a design as SystemVerilog with bench, scripts and documents',
    load: async () => (await import('./commands/generate.ts')).generate,
  },
  explore: {
    usage: 'explore <network>',
    summary: 'find the best accelerator for a network that is given',
    load: async () => (await import('./commands/explore.ts')).explore,
  },
  estimate: {
    usage: 'estimate <design>',
    summary: 'cycles, frames per second, latency, resources and energy of a design',
    load: async () => (await import('./commands/estimate.ts')).estimate,
  },
  verify: {
    usage: 'verify <directory>',
    summary:
      'simulate a generated directory: bits against the integer model, cycles against the prediction',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  synth: {
    usage: 'synth <directory>',
    summary: 'synthesize a generated directory with yosys: predicted against synthesized resources',
    load: async () => (await import('./commands/synth.ts')).synth,
  },
  report: {
    usage: 'report <run>',
    summary: 'write report.html of a run: one page, self-contained',
    load: async () => (await import('./commands/report.ts')).report,
  },
  import: {
    usage: 'import <model>',
    summary: 'turn a TensorFlow Lite, ONNX or QONNX model into a network',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  compare: {
    usage: 'compare <network>',
    summary: "compare a network with somebody else's reference outputs, operator by operator",
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  selfcheck: {
    usage: 'selfcheck',
    summary: 'random layers on random arrays: RTL against the models, bits and cycles',
    load: async () => (await import('./commands/selfcheck.ts')).selfcheck,
  },
  list: {
    usage: 'list <kind>',
    summary: 'name what there is to choose from',
    load: async () => (await import('./commands/list.ts')).list,
  },
  doctor: {
    usage: 'doctor',
    summary: 'check tools, packages and data, and say what to do about what is missing',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
};
