"""Driver of a generated design for PYNQ and the like: load, start, wait, read results and counters.

    from pynq import Overlay, allocate
    overlay = Overlay("design.bit")
    accelerator = Accelerator(overlay.design_0.mmio, lambda size: allocate(size, dtype="u1"), "generated")
    results = accelerator.run(images)          # stored integers, [row][column][channel], flat

`mmio` has read(offset) and write(offset, value). `allocate(bytes)` gives memory that the design sees too: it can be
sliced like a bytearray, has `device_address`, and may have `flush` and `invalidate`. Never run on a board by us.
"""

import os
import re
import time

PAGE = 4096
START, LATENCY, PROLOGUE = 1, 2, 8
BUSY, DONE, ERROR = 1, 2, 4


class AcceleratorError(Exception):
    """The design is another one, reported a bus error, or did not end in time."""


def read_figures(path):
    """Integers of nba_design.h by name, without their prefix."""
    with open(path, encoding="ascii") as file:
        found = re.findall(r"^#define NBA_(\w+) (-?\w+?)u?$", file.read(), re.MULTILINE)
    return {name: int(value, 0) for name, value in found}


class Accelerator:
    """One design in one block of memory."""

    def __init__(self, mmio, allocate, folder, max_images=16):
        self.mmio = mmio
        self.max_images = max_images
        self.figures = read_figures(os.path.join(folder, "driver", "nba_design.h"))
        get = self.figures.__getitem__
        identity = (0x4E424131, get("HASH_LOW"), get("HASH_HIGH"))
        if tuple(self._read(name) for name in ("ID", "HASH_LOW", "HASH_HIGH")) != identity:
            raise AcceleratorError("the registers are those of another design; load the bit file made from this folder")
        sizes = [
            get("WEIGHTS_BYTES"),
            get("ACTIVATIONS_BYTES"),
            get("INPUT_IMAGE_BYTES") * max_images,
            get("OUTPUT_IMAGE_BYTES") * max_images,
        ]
        sizes = [-(-size // PAGE) * PAGE for size in sizes]
        self.bases = [sum(sizes[:k]) for k in range(4)]
        # One page more, so that the regions can begin on a page wherever the memory does.
        self.memory = allocate(sum(sizes) + PAGE)
        self.shift = -self.memory.device_address % PAGE
        for name, base in zip(("WEIGHTS", "ACTIVATIONS", "INPUT", "OUTPUT"), self.bases):
            self._write("BASE_" + name, self.memory.device_address + self.shift + base)
        self._write("DEPTH", get("DEPTH"))
        self._load_program(os.path.join(folder, "mem", "program.mem"))
        self._load_weights(os.path.join(folder, "mem", "weights.mem"))
        self.prepared = get("HAS_PROLOGUE") == 0

    def run(self, images, latency=False, timeout_seconds=10.0):
        """Outputs of images, each a flat list of stored integers, in the order of the images."""
        if not 0 < len(images) <= self.max_images:
            raise ValueError(f"{len(images)} images; between 1 and {self.max_images} can be run at once")
        for index, image in enumerate(images):
            self._put("INPUT", 2, index, image)
        self._sync("flush")
        if not self.prepared:
            self._go(1, START | PROLOGUE, timeout_seconds)
            self.prepared = True
        self._go(len(images), START | LATENCY if latency else START, timeout_seconds)
        self._sync("invalidate")
        return [self._get("OUTPUT", 3, index) for index in range(len(images))]

    @property
    def cycles(self):
        """Cycles of the last run."""
        return self._read("CYCLES_HIGH") << 32 | self._read("CYCLES_LOW")

    def counters(self, chunk):
        """Cycles of a chunk since the start: busy, and what it waited for."""
        names = ("BUSY", "READ_STALL", "SUM_STALL", "WRITE_STALL")
        return {name.lower(): self._read(f"{name}_{chunk}") for name in names}

    def _go(self, images, control, timeout_seconds):
        self._write("IMAGES", images)
        self._write("CONTROL", control)
        deadline = time.monotonic() + timeout_seconds
        while True:
            status = self._read("STATUS")
            if status & DONE:
                break
            if time.monotonic() > deadline:
                raise AcceleratorError(f"no end after {timeout_seconds} s; status {status}")
        if status & ERROR:
            raise AcceleratorError("a bus error was reported; check the addresses and the memory port")

    def _read(self, name):
        return self.mmio.read(self.figures["REG_" + name])

    def _write(self, name, value):
        self.mmio.write(self.figures["REG_" + name], value)

    def _sync(self, method):
        getattr(self.memory, method, lambda: None)()

    def _load_program(self, path):
        with open(path, encoding="ascii") as file:
            for line in file:
                address, value = line.split()
                self.mmio.write(int(address, 16), int(value, 16))

    def _load_weights(self, path):
        with open(path, encoding="ascii") as file:
            data = b"".join(bytes.fromhex(line.strip())[::-1] for line in file)
        at = self.shift + self.bases[0]
        self.memory[at : at + len(data)] = data

    def _place(self, name, region, index):
        """Where an image of a tensor begins, and its rows x columns, channels, lane bits and lanes of a beat."""
        get = self.figures.__getitem__
        at = self.shift + self.bases[region] + index * get(name + "_IMAGE_BYTES")
        bits = get(name + "_LANE_BITS")
        pixels = get(name + "_ROWS") * get(name + "_COLUMNS")
        return at, pixels, get(name + "_CHANNELS"), bits, 8 * get("BUS_BYTES") // bits

    def _put(self, name, region, index, values):
        at, pixels, channels, bits, lanes = self._place(name, region, index)
        if len(values) != pixels * channels:
            raise ValueError(f"an image of {len(values)} values; the design takes {pixels * channels}")
        size, zero = self.figures["BUS_BYTES"], self.figures[name + "_ZERO"]
        for block in range(-(-channels // lanes)):
            for pixel in range(pixels):
                beat = 0
                for lane in range(lanes):
                    channel = block * lanes + lane
                    value = values[pixel * channels + channel] if channel < channels else zero
                    beat |= (int(value) & ((1 << bits) - 1)) << (lane * bits)
                start = at + (block * pixels + pixel) * size
                self.memory[start : start + size] = beat.to_bytes(size, "little")

    def _get(self, name, region, index):
        at, pixels, channels, bits, lanes = self._place(name, region, index)
        size, signed = self.figures["BUS_BYTES"], self.figures[name + "_SIGNED"]
        values = []
        for pixel in range(pixels):
            for channel in range(channels):
                start = at + (channel // lanes * pixels + pixel) * size
                beat = int.from_bytes(bytes(self.memory[start : start + size]), "little")
                value = beat >> (channel % lanes * bits) & ((1 << bits) - 1)
                values.append(value - (1 << bits) if signed and value >> (bits - 1) else value)
        return values
