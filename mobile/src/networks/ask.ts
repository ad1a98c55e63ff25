// Asks a network about a picture as its card says, and reads its answer.

import { shrinkAreaFloat } from "../xray/resize";
import { Calibration, Inference } from "./contract";
import { enlargedSide, mirrored, Square, SquareOf, tensorOf } from "./inputs";
import { cutTiles, joinTiles } from "./tiling";

/** Runs a network on one input tensor; what it returns may be kept. */
export type Run = (tensor: Float32Array) => Promise<Float32Array>;

/** Outputs are kept this far from 0 and 1, whose logits are infinite. */
const SMALLEST = 1e-7;

/** A gate's output in [0, 1], not calibrated. */
export async function askGate(run: Run, inference: Inference, squares: SquareOf): Promise<number> {
  const size = inference.input.size;
  const outputs = await eachView(inference, squares(size), size, async (view) => {
    const [output] = await run(tensorOf(view, inference.input));
    return new Float32Array([output]);
  });
  return mean(outputs)[0];
}

/** The logits or probabilities of each class, for a network that answers once for a picture. */
export async function askClasses(
  run: Run,
  inference: Inference,
  squares: SquareOf,
): Promise<Float32Array> {
  return run(tensorOf(squares(inference.input.size), inference.input));
}

/** A segmenter's fracture probability, float32 (size, size), letterboxed. */
export async function askSegmenter(
  run: Run,
  inference: Inference,
  squares: SquareOf,
  channel: number,
): Promise<Float32Array> {
  const { size } = inference.input;
  const { tiling } = inference;
  const side = tiling ? enlargedSide(size, tiling.enlargement) : size;
  const answers = await eachView(inference, squares(side), side, async (view, flipped) => {
    const tiles = tiling ? cutTiles(view, side, size, tiling.per_side) : [view];
    const parts: Float32Array[] = [];
    for (const tile of tiles) {
      const output = await run(tensorOf(tile, inference.input));
      parts.push(channelOf(output, channel, inference.classes.length));
    }
    const joined = tiling ? joinTiles(parts, side, tiling.per_side) : parts[0];
    const small = shrinkAreaFloat(joined, side, size);
    return flipped ? mirrored(small, size) : small;
  });
  return mean(answers);
}

/** Platt scaling: sigmoid(slope * logit(output) + intercept). */
export function calibrated(output: number, calibration: Calibration): number {
  const safe = Math.min(Math.max(output, SMALLEST), 1 - SMALLEST);
  const logit = Math.log(safe) - Math.log1p(-safe);
  return 1 / (1 + Math.exp(-(calibration.slope * logit + calibration.intercept)));
}

/** Shares that add up to 1, from logits. */
export function softmax(logits: Float32Array): Float64Array {
  const top = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Asks about the picture, and about its mirror image too where the card says so. */
async function eachView<T>(
  inference: Inference,
  view: Square,
  side: number,
  ask: (view: Square, flipped: boolean) => Promise<T>,
): Promise<T[]> {
  const answers = [await ask(view, false)];
  if (inference.flips) answers.push(await ask(mirrored(view, side), true));
  return answers;
}

function channelOf(output: Float32Array, channel: number, channels: number): Float32Array {
  const values = new Float32Array(output.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = output[i * channels + channel];
  return values;
}

function mean(answers: Float32Array[]): Float32Array {
  if (answers.length === 1) return answers[0];
  return answers[0].map((_, i) => {
    const sum = answers.reduce((total, answer) => total + answer[i], 0);
    return sum / answers.length;
  });
}
