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
