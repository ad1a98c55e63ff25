// Asks a network about a picture as its card says, and reads its answer.

import { shrinkAreaFloat } from "../xray/resize";
import { meanProbability, viewOf } from "./averaging";
import { Inference } from "./contract";
import { enlargedSide, mirrored, mirroredSquares, SquareOf, tensorOf } from "./inputs";
import { cutTiles, joinTiles } from "./tiling";

/** Runs a network on one input tensor; what it returns may be kept. */
export type Run = (tensor: Float32Array) => Promise<Float32Array>;

/** A gate's output in [0, 1], not calibrated. */
export async function askGate(run: Run, inference: Inference, squares: SquareOf): Promise<number> {
  const answer = await gateAnswer(run, inference, squares);
  if (!inference.flips) return answer;
  const other = await gateAnswer(run, inference, mirroredSquares(squares));
  return Math.fround(answer + other) / 2;
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
  const map = await segmenterAnswer(run, inference, squares, channel);
  if (!inference.flips) return map;
  const turned = await segmenterAnswer(run, inference, mirroredSquares(squares), channel);
  const other = mirrored(turned, inference.input.size);
  return map.map((value, i) => Math.fround(value + other[i]) / 2);
}

/** Shares that add up to 1, from logits. */
export function softmax(logits: Float32Array): Float64Array {
  const top = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

async function gateAnswer(run: Run, inference: Inference, squares: SquareOf): Promise<number> {
  const { input, views } = inference;
  if (!views?.length) return (await run(tensorOf(squares(input.size), input)))[0];
  const answers: number[] = [];
  for (const view of views) {
    answers.push((await run(tensorOf(viewOf(squares, input.size, view), input)))[0]);
  }
  return meanProbability(answers);
}

/** The answer about the whole, or the joined answers about tiles, shrunk to the input size. */
async function segmenterAnswer(
  run: Run,
  inference: Inference,
  squares: SquareOf,
  channel: number,
): Promise<Float32Array> {
  const { input, tiling, classes } = inference;
  const ask = async (values: Float32Array) =>
    channelOf(await run(tensorOf(values, input)), channel, classes.length);
  if (!tiling) return ask(squares(input.size));
  const side = enlargedSide(input.size, tiling.enlargement);
  const answers: Float32Array[] = [];
  for (const tile of cutTiles(squares(side), side, input.size, tiling.per_side)) {
    answers.push(await ask(tile));
  }
  return shrinkAreaFloat(joinTiles(answers, side, tiling.per_side), side, input.size);
}

function channelOf(output: Float32Array, channel: number, channels: number): Float32Array {
  const values = new Float32Array(output.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = output[i * channels + channel];
  return values;
}
