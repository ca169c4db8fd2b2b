// The C driver compiled for this machine, driving the simulated design; the Python driver on a stand-in of the design.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programWrites } from '../../src/emit/case-file.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { runInteger } from '../../src/integer/run.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import { packTensor } from '../../src/lower/pack.ts';
import { randomImages } from '../../src/network/random-network.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { defined } from '../../src/util/errors.ts';
import { createRng } from '../../src/util/rng.ts';
import { findTool } from '../../src/util/tools.ts';
import { goldenDesign } from '../emit/golden-design.ts';

const timeout = 1_200_000;
const design = goldenDesign('Layer X');
const plan = lowerDesign(design, defaultMemory);
const count = 6;
const images = randomImages(createRng(5), design.network, count);
const output = defined(runInteger(design.network, images, count).get(design.network.output), 'it');
const perOutput = output.length / count;
const perInput = images.length / count;
const outputOf = (i: number) => [...output.subarray(i * perOutput, (i + 1) * perOutput)];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autonba-driver-'));
  writeSourceTree(folder, generateDirectory(design, defaultMemory, images));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface DriverLine {
  readonly driver: number;
  readonly cycles: number;
  readonly counters: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}
interface HarnessLine {
  readonly bitExact: boolean;
  readonly axiErrors: number;
  readonly cycles: number;
  readonly epochs: readonly number[];
  readonly chunks: readonly (readonly number[])[];
}

test('the C driver reads the results and counters of the harness', { timeout }, async () => {
  const verilator = findTool('verilator');
  const make = await execa('make', ['driver', `VERILATOR=${verilator.path}`], {
    cwd: folder,
    env: verilator.root === null ? {} : { VERILATOR_ROOT: verilator.root },
    all: true,
  });
  // Plain C, without a word from the compiler.
  expect(make.all).not.toMatch(/nba\.[ch]:\d+:\d+: (warning|error)/);
  const lines = make.stdout.split('\n').filter((line) => line.startsWith('{"'));
  const parsed = lines.map((line) => JSON.parse(line) as DriverLine & HarnessLine);
  expect(parsed).toHaveLength(5);
  const runs = [
    { images: 2, driver: parsed[0], harness: parsed[1] },
    { images: count, driver: parsed[2], harness: parsed[3] },
  ];
  for (const { images: most, driver, harness } of runs) {
    if (driver === undefined || harness === undefined) throw new Error('a line is missing');
    expect(driver.driver).toBe(0);
    expect(harness).toMatchObject({ bitExact: true, axiErrors: 0 });
    expect(driver.outputs).toEqual(Array.from({ length: most }, (_, i) => outputOf(i)));
    // The counter begins after the start register and ends before the done pulse: a cycle on each side.
    expect(driver.cycles).toBe(harness.cycles - 2);
    expect(driver.counters.map(([busy]) => busy)).toEqual(
      harness.chunks.map((epochs) => epochs.reduce((sum, cycles) => sum + cycles, 0)),
    );
  }
  expect(parsed[1]?.epochs).toEqual([plan.prediction.latencyCycles, plan.prediction.latencyCycles]);
});

const python = ['python3', 'python'].find(
  (name) => execaSync(name, ['--version'], { reject: false }).exitCode === 0,
);

describe.skipIf(python === undefined)('the Python driver', () => {
  test('writes what the C driver writes, and reads results back', async () => {
    const places = ['input', 'output'].map((region) =>
      defined(
        plan.places.find((place) => place.region === region),
        region,
      ),
    );
    const [input, result] = places;
    if (input === undefined || result === undefined) throw new Error('no places');
    const packed = (place: typeof input, values: ArrayLike<number>) =>
      Buffer.from(packTensor(place.tensor, values, place.slotBits, plan.busBits)).toString('hex');
    const inputOf = (i: number) => [...images.subarray(i * perInput, (i + 1) * perInput)];
    const question = {
      images: [inputOf(0), inputOf(1)],
      inputs: [packed(input, inputOf(0)), packed(input, inputOf(1))],
      outputs: [packed(result, outputOf(0)), packed(result, outputOf(1))],
      weights: Buffer.from(plan.weights).toString('hex'),
    };
    writeFileSync(join(folder, 'question.json'), JSON.stringify(question));
    const program = `
import json, sys
sys.path.insert(0, "driver")
import nba
question = json.load(open("question.json"))
figures = nba.read_figures("driver/nba_design.h")
names = {value: name[4:] for name, value in figures.items() if name.startswith("REG_")}
class Memory(bytearray):
    device_address = 0x10000ABC
class Mmio:
    """Registers that remember, and a design that has its answer ready when it is started."""
    def __init__(self):
        self.values = {"ID": 0x4E424131, "HASH_LOW": figures["HASH_LOW"], "HASH_HIGH": figures["HASH_HIGH"]}
        self.writes = []
    def read(self, offset):
        return self.values.get(names[offset], 0)
    def write(self, offset, value):
        self.writes.append((offset, value))
        if offset not in names:
            return
        self.values[names[offset]] = value
        if names[offset] == "CONTROL" and value & 1:
            at = self.values["BASE_OUTPUT"] - Memory.device_address
            for k, answer in enumerate(question["outputs"]):
                data = bytes.fromhex(answer)
                start = at + k * figures["OUTPUT_IMAGE_BYTES"]
                memory[start:start + len(data)] = data
            self.values["STATUS"] = 2
mmio = Mmio()
def allocate(size):
    global memory
    memory = Memory(size)
    return memory
accelerator = nba.Accelerator(mmio, allocate, ".")
results = accelerator.run(question["images"])
def stored(name, size, k=0):
    start = mmio.values["BASE_" + name] - Memory.device_address + k
    assert mmio.values["BASE_" + name] % 4096 == 0
    return bytes(memory[start:start + size]).hex()
inputs = [stored("INPUT", len(text) // 2, k * figures["INPUT_IMAGE_BYTES"]) for k, text in enumerate(question["inputs"])]
try:
    accelerator.run(question["images"] * 20)
    refusal = ""
except ValueError as error:
    refusal = str(error)
mmio.values["STATUS"] = 6
mmio.write = lambda offset, value: None
try:
    accelerator.run(question["images"])
    failure = ""
except nba.AcceleratorError as error:
    failure = str(error)
mmio.values["ID"] = 1
try:
    nba.Accelerator(mmio, allocate, ".")
    stranger = ""
except nba.AcceleratorError as error:
    stranger = str(error)
print(json.dumps({"results": results, "inputs": inputs, "weights": stored("WEIGHTS", len(question["weights"]) // 2),
                  "writes": mmio.writes, "refusal": refusal, "failure": failure, "stranger": stranger}))
`;
    const run = await execa(defined(python, 'python'), ['-c', program], { cwd: folder });
    const answer = JSON.parse(run.stdout) as {
      readonly results: readonly (readonly number[])[];
      readonly inputs: readonly string[];
      readonly weights: string;
      readonly writes: readonly (readonly [number, number])[];
      readonly refusal: string;
      readonly failure: string;
      readonly stranger: string;
    };
    expect(answer.results).toEqual([outputOf(0), outputOf(1)]);
    expect(answer.inputs).toEqual(question.inputs);
    expect(answer.weights).toBe(question.weights);
    const wanted = programWrites(plan).map(([address, data]) => [address, data >>> 0]);
    const first = answer.writes.findIndex(([address]) => address === wanted[0]?.[0]);
    expect(answer.writes.slice(first, first + wanted.length)).toEqual(wanted);
    expect(answer.refusal).toBe('40 images; between 1 and 16 can be run at once');
    expect(answer.failure).toMatch(/^a bus error was reported/);
    expect(answer.stranger).toMatch(/^the registers are those of another design/);
  });
});
