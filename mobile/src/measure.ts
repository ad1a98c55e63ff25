// Times the networks on the phone at hand, on an even picture: they take as long for any.

import type { Engine } from "./engine";
import type { Times } from "./results";

/** Milliseconds of each network for one input, round by round; the first round warms up. */
export async function measure({ facts, runs }: Engine, rounds: number): Promise<Times[]> {
  const found: Times[] = [];
  for (let round = 0; round <= rounds; round++) {
    const times: Times = {};
    for (const { name, inference } of facts.networks) {
      const { size, channels } = inference.input;
      const input = new Float32Array(size * size * channels).fill(0.5);
      const started = performance.now();
      await runs.get(name)?.(input);
      times[name] = performance.now() - started;
    }
    if (round > 0) found.push(times);
  }
  return found;
}
