// Turns the words of a command line into a command and its arguments, or into a sentence.

import yargs, { type Argv } from 'yargs';
import { AutoNbaError } from '../util/errors.ts';
import { nearestName } from '../util/pick.ts';
import type { Command } from './command.ts';
import type { CommandEntry } from './commands.ts';

/** Options that every command takes. */
const globalOptions = {
  json: { type: 'boolean', default: false, describe: 'print exactly one JSON document' },
  seed: { type: 'number', default: 1, describe: 'seed of every random choice' },
  quiet: { type: 'boolean', default: false, describe: 'show no progress' },
} as const;

const purpose =
  'Searches a network, its bit-widths and its accelerator together, emits the hardware and proves ' +
  'it in simulation.';

/** What every command line says. */
export interface GlobalArguments {
  readonly json: boolean;
  readonly seed: number;
  readonly quiet: boolean;
}

/** A command line understood: either a command to run or a text to print. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly args: ParsedArguments }
  | { readonly kind: 'print'; readonly text: string };

/** The command's own arguments and the global ones. */
export type ParsedArguments = GlobalArguments & Record<string, unknown>;

/**
 * Parses a command line against the table of commands, loading only the one it names.
 *
 * @throws AutoNbaError with exit code 2 where the line makes no sense
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<Parsed> {
  let chosen: { command: Command; args: ParsedArguments } | undefined;
  let loaded: Command | undefined;
  let loadedUsage = '<command>';

  const parser = createParser(argv);
  for (const { usage, summary, load } of Object.values(commands)) {
    parser.command(
      usage,
      summary,
      async (own: Argv) => {
        loaded = await load();
        loadedUsage = usage;
        return declare(own, loaded);
      },
      (args) => {
        if (loaded !== undefined)
          chosen = { command: loaded, args: args as unknown as ParsedArguments };
      },
    );
  }

  const names = Object.keys(commands);
  parser.fail((message, error) => {
    if (error) throw error;
    throw explain(message, names, loaded, loadedUsage);
  });

  if (argv.length === 0) return { kind: 'print', text: await parser.getHelp() };
  // yargs writes completions itself, and its strict mode refuses its own command.
  if (argv[0] === 'completion') {
    parser.showCompletionScript();
    return { kind: 'print', text: '' };
  }
  let printed = '';
  await parser.parseAsync([...argv], {}, (error: Error | undefined, _args, output) => {
    if (error) throw error;
    printed = output;
  });
  const isCompletion = argv.includes('--get-yargs-completions');
  if (printed !== '' || isCompletion) return { kind: 'print', text: printed };
  if (chosen === undefined) throw explainMissing(argv, names);
  refuseBadNumbers(chosen.args, chosen.command);
  return { kind: 'run', ...chosen };
}

function createParser(argv: readonly string[]): Argv {
  return yargs([...argv])
    .scriptName('autonba')
    .locale('en')
    .usage(`$0 <command>\n\n${purpose}`)
    .options(globalOptions)
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .completion('completion', 'print a completion script for your shell')
    .epilogue('`autonba <command> --help` shows the options and examples of a command.')
    .strict()
    .help('help', 'show this')
    .version(false)
    .exitProcess(false)
    .wrap(100);
}

function declare(own: Argv, command: Command): Argv {
  for (const [name, positional] of Object.entries(command.positionals)) {
    own.positional(name, positional);
  }
  own.options(command.options);
  for (const [line, meaning] of command.examples) own.example(line, meaning);
  return own;
}

/** yargs' complaint with the nearest name that was probably meant. */
function explain(
  message: string,
  names: readonly string[],
  command: Command | undefined,
  usage: string,
): AutoNbaError {
  const unknown = /^Unknown (argument|command)s?: ([^,]+)/.exec(message);
  if (unknown === null) return explainOther(message, usage);
  const given = (unknown[2] ?? '').trim();
  // The first word is a command's name; whatever is unknown after it is an option or one too many.
  if (command === undefined) return unknownWord('command', given, names);
  const options = [...Object.keys(command.options), ...Object.keys(globalOptions), 'help'];
  return unknownWord('option or argument', given, options);
}

function explainOther(message: string, usage: string): AutoNbaError {
  const remedy = `see \`autonba ${usage.split(' ')[0]} --help\``;
  const isTooShort = message.startsWith('Not enough non-option arguments');
  return new AutoNbaError(isTooShort ? `too short: ${usage}` : lowerFirst(message), remedy);
}

function unknownWord(kind: string, given: string, known: readonly string[]): AutoNbaError {
  const nearest = nearestName(given, known);
  const isCommand = kind === 'command';
  const shown = nearest === undefined || isCommand ? nearest : `--${nearest}`;
  const choices = known.map((name) => (isCommand ? name : `--${name}`)).join(', ');
  const suggestion = shown === undefined ? '' : `did you mean "${shown}"? `;
  return new AutoNbaError(`unknown ${kind} "${given}"`, `${suggestion}choose one of: ${choices}`);
}

function explainMissing(argv: readonly string[], names: readonly string[]): AutoNbaError {
  const word = argv.find((argument) => !argument.startsWith('-'));
  if (word !== undefined) return unknownWord('command', word, names);
  return new AutoNbaError('no command is given', `choose one of: ${names.join(', ')}`);
}

/** yargs reads what is no number as NaN, which would go a long way before it hurts. */
function refuseBadNumbers(args: ParsedArguments, command: Command): void {
  for (const [name, { type }] of Object.entries({ ...globalOptions, ...command.options })) {
    if (type !== 'number' || args[name] === undefined || Number.isFinite(args[name])) continue;
    throw new AutoNbaError(`--${name} needs a number`, `for example --${name} 1`);
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
