import { expect, test } from 'vitest';
import {
  AutoNbaError,
  DoesNotFitError,
  defined,
  InvalidConfigError,
  MismatchError,
  TemplateError,
  ToolFailedError,
  ToolMissingError,
  UnknownNameError,
} from '../../src/util/errors.ts';

const samples: readonly AutoNbaError[] = [
  new AutoNbaError('the run folder is not empty', 'choose another folder'),
  new UnknownNameError('device', 'zc760', ['zcu102', 'zc706'], 'zc706'),
  new UnknownNameError('device', 'zc706', []),
  new InvalidConfigError('chunks[1].rows: 0 is less than 1', 'use 1 or more'),
  new DoesNotFitError('the design', { dsp: 112, bram18: 3 }),
  new TemplateError('verilog/top.sv.hbs', 'view.lanes[0].weight is missing'),
  new ToolMissingError('yosys'),
  new ToolFailedError({ command: 'g++ a.cpp', exitCode: 1, tail: 'no such file' }, 'check a.cpp'),
  new ToolFailedError({ command: 'g++ a.cpp', exitCode: null, tail: '' }, 'try again'),
  new MismatchError('conv1 differs in image 0', 'report it'),
];

test('every error says what is wrong, what to do and how the process ends', () => {
  const lines = samples.map(
    ({ name, message, remedy, exitCode }) => `${name} (${exitCode}): ${message} | ${remedy}`,
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "AutoNbaError (2): the run folder is not empty | choose another folder
    UnknownNameError (2): unknown device "zc760" | did you mean "zc706"? choose one of: zc706, zcu102
    UnknownNameError (2): unknown device "zc706" | choose one of: (there is none yet)
    InvalidConfigError (2): chunks[1].rows: 0 is less than 1 | use 1 or more
    DoesNotFitError (1): the design does not fit: 112 dsp, 3 bram18 too few | choose a larger device, fewer lanes or smaller buffers
    TemplateError (3): verilog/top.sv.hbs: view.lanes[0].weight is missing | the template and its view must change together
    ToolMissingError (3): yosys was not found | install yosys, or run \`node setup.mjs\`; \`autonba doctor\` shows what is there
    ToolFailedError (3): \`g++ a.cpp\` exited with 1
    no such file | check a.cpp
    ToolFailedError (3): \`g++ a.cpp\` was stopped | try again
    MismatchError (1): conv1 differs in image 0 | report it"
  `);
});

test('the missing resources can be read by a program', () => {
  expect(new DoesNotFitError('it', { dsp: 4 }).missing).toEqual({ dsp: 4 });
});

test('a missing value of ours is a bug, not a cure', () => {
  expect(defined(0, 'zero')).toBe(0);
  expect(() => defined(undefined, 'layer')).toThrowErrorMatchingInlineSnapshot(
    `[Error: unreachable: layer is missing]`,
  );
});
