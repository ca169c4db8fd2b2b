// How long the exact solver takes to prove its optimum: 70 layers on 12 chunks within a ZC706, by the paper's rule, and
// the released model's own space. `npm run bench:exact`, with `-- --json` for scripts.
//
// Cold is the first solution of a process, compiler and tables included; warm is another one with tables anew. With 16
// ports each chunk has its own, as in the paper's budget; with the part's 4 they take turns.

import { parseArgs } from 'node:util';
import { zc706 } from '../src/accelerator/devices/index.ts';
import { compatLayers } from '../src/cost/compat.ts';
import { exploreCompat } from '../src/explore/compat.ts';
import { explore } from '../src/explore/explore.ts';
import type { Network } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import { autoNbaDemo } from '../src/network/networks/index.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** A stem and 23 blocks of three convolutions, at 4, 6 and 8 bits in turn, the second half on small maps. */
function seventyLayers(): Network {
  const bitsOf = (block: number): number => [4, 6, 8][block % 3] ?? 8;
  const widths = (activations: number, weights: number) => ({
    activationBits: bitsOf(activations),
    weightBits: bitsOf(weights),
  });
  const net = new NetworkBuilder('seventy-layers', [32, 32, 16], widths(0, 0));
  net.conv('stem', 16, { kernel: 3, padding: 'same' });
  for (let block = 0; block < 23; block++) {
    const channels = [16, 24, 32, 64, 112, 184][block >> 2] ?? 184;
    const stride = block === 8 || block === 16 ? 2 : 1;
    net.setWidths(widths(block, block));
    net.conv(`expand${block}`, 3 * net.shapeOf(net.last)[2], { kernel: 1 });
    net.depthwise(`depthwise${block}`, { kernel: 3, stride, padding: 'same' });
    net.setWidths(widths(Math.min(block + 1, 22), block));
    net.conv(`project${block}`, channels, { kernel: 1, rectified: false });
  }
  return net.build();
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function timed<T>(run: () => T) {
  const [cpu, wall] = [cpuSeconds(), performance.now()];
  const answer = run();
  return { answer, cpu: cpuSeconds() - cpu, wall: (performance.now() - wall) / 1e3 };
}

const network = seventyLayers();
const rows = [16, 4].map((ports) => {
  const solve = () => timed(() => explore(network, { ...zc706, ports }, { allocation: 'paper' }));
  const cold = solve();
  const warm = [solve(), solve(), solve()].sort((a, b) => a.wall - b.wall)[0] ?? cold;
  const { layers, chunks, provenOptimal, epochCycles, evaluations } = cold.answer;
  return {
    ports,
    layers: layers.length,
    chunks: chunks.length,
    provenOptimal,
    epochCycles,
    evaluations,
    seconds: { cold: cold.wall, coldCpu: cold.cpu, warm: warm.wall, warmCpu: warm.cpu },
  };
});
const released = [1, undefined].map((mode) => {
  const options = mode === undefined ? {} : { mode };
  const found = timed(() => exploreCompat(compatLayers(autoNbaDemo.build()), options));
  const { framesPerSecond = 0, provenOptimal = false } = found.answer ?? {};
  return { mode: mode ?? 'free', framesPerSecond, provenOptimal, seconds: found.wall };
});

if (values.json)
  console.log(JSON.stringify({ exactSolverSeconds: rows[0]?.seconds.cold, rows, released }));
else {
  for (const { ports, layers, chunks, provenOptimal, epochCycles, evaluations, seconds } of rows)
    console.log(
      `${layers} layers, ${chunks} chunks, ${ports} ports: ${epochCycles} cycles an epoch, ${provenOptimal ? 'proven optimal' : 'NOT proven'}, ${evaluations} layer evaluations, ${seconds.cold.toFixed(2)} s cold (${seconds.coldCpu.toFixed(2)} CPU s of all threads), ${seconds.warm.toFixed(2)} s warm (${seconds.warmCpu.toFixed(2)})`,
    );
  for (const { mode, framesPerSecond, provenOptimal, seconds } of released)
    console.log(
      `released model, comp_mode ${mode}: ${framesPerSecond.toFixed(1)} frames/s, ${provenOptimal ? 'proven optimal' : 'NOT proven'}, ${seconds.toFixed(2)} s`,
    );
}
