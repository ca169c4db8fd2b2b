// The rules that keep the rooms apart; each takes sources as text, so that it can be tried on offences.

import { dirname, posix } from 'node:path';

/** Path from the project's folder, with forward slashes, and the file's text. */
export type Sources = ReadonlyMap<string, string>;

/** A room imports only from rooms before it; `pipeline` and `index` are files in `src/` itself. */
export const roomOrder: readonly string[] = [
  ...['util', 'network', 'integer', 'import', 'accelerator', 'schedule', 'cost', 'explore'],
  ...['tensor', 'data', 'supernet', 'search', 'lower', 'emit', 'verify', 'synth', 'report'],
  ...['sweep', 'pipeline', 'cli', 'index'],
];

const maximumLines = 400;

/** One line per offence; a rule that holds returns none. */
export type Rule = (sources: Sources) => string[];

/** The room of a file under src/, or null for anything outside. */
function roomOf(path: string): string | null {
  return /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1] ?? null;
}

/** Everything a file imports, types and lazy imports included. */
function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom|^\s*import|\bimport\()\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** Rooms import only leftwards. Set-up lies outside; only the command line may call it. */
export const importsPointLeft: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => {
    const room = roomOf(path) ?? '';
    const place = roomOrder.indexOf(room);
    if (place < 0) return [`${path}: the room "${room}" has no place in the order`];
    return importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .flatMap((specifier) => {
        const target = posix.join(posix.dirname(path), specifier);
        const targetRoom = roomOf(target);
        if (targetRoom === null) {
          const isAllowed = room === 'cli' && target === 'setup.mjs';
          return isAllowed ? [] : [`${path}: imports ${target} from outside src/`];
        }
        const targetPlace = roomOrder.indexOf(targetRoom);
        return targetPlace <= place ? [] : [`${path}: ${room} must not import ${targetRoom}`];
      });
  });

/** A rule that no line may match a pattern, but in the rooms that are excepted. */
function forbid(pattern: RegExp, reason: string, exceptRooms: readonly string[] = []): Rule {
  return (sources) =>
    [...sources].flatMap(([path, text]) => {
      if (exceptRooms.includes(roomOf(path) ?? '')) return [];
      return text.split('\n').flatMap((line, index) => {
        return pattern.test(line) ? [`${path}:${index + 1}: ${reason}`] : [];
      });
    });
}

export const onlyTensorLoadsTheLibrary = forbid(
  /['"]@tensorflow\//,
  'only src/tensor may import the ML library',
  ['tensor'],
);

export const onlyCliPrintsOrExits = forbid(
  /\bprocess\.(stdout|exit)\b|\bconsole\.(log|info|table|dir)\b/,
  'only src/cli may write to stdout or exit',
  ['cli'],
);

export const chanceIsSeeded = forbid(
  /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/,
  'chance comes from a seeded Rng, and outputs hold no time of day',
);

export const noTargetText = forbid(
  /^\s*(module |endmodule|always_)|#pragma/,
  'text of a target belongs in templates/ or hw/',
);

export const filesAreShort: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > maximumLines ? [`${path}: ${lines} lines, more than ${maximumLines}`] : [];
  });

/** In a folder whose index only re-exports, every file is a variation and must be exported. */
export const variationsAreRegistered: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => {
    // The index of a room itself is its front, which need not show every file.
    const isFolderInRoom = /^src\/[^/]+\/.+\/index\.ts$/.test(path);
    if (!isFolderInRoom || !onlyReexports(text)) return [];
    const exported = new Set(importsOf(text).map((name) => posix.join(dirname(path), name)));
    return [...sources.keys()]
      .filter((other) => dirname(other) === dirname(path) && other !== path)
      .filter((other) => !exported.has(other))
      .map((other) => `${other}: not exported by ${path}`);
  });

function onlyReexports(text: string): boolean {
  const withoutComments = text.replaceAll(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  const rest = withoutComments.replaceAll(
    /export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+'[^']+';/g,
    '',
  );
  return rest.trim() === '';
}

/** All rules over src/, by the sentence they enforce. */
export const sourceRules: Readonly<Record<string, Rule>> = {
  'rooms import only leftwards': importsPointLeft,
  'only src/tensor imports the ML library': onlyTensorLoadsTheLibrary,
  'only src/cli writes to stdout or exits': onlyCliPrintsOrExits,
  'chance is seeded, and no output depends on the clock': chanceIsSeeded,
  'no text of a target in TypeScript': noTargetText,
  'a file fits in the head': filesAreShort,
  'every variation is registered': variationsAreRegistered,
};
