// Makes what a network is called with from a picture, by the `input` block of its card.

import { Gray, roundEven } from "../xray/gray";
import { fitted, letterboxOf } from "../xray/letterbox";
import type { InputContract, Stretch } from "./contract";

/** One channel of a square input, float32 row by row, black 0 and white 1. */
export type Square = Float32Array;

/** Gives the square of a picture at any size; each is made once. */
export type SquareOf = (size: number) => Square;

/** Gives the squares of a picture by contract; networks of one contract share them. */
export function inputsOf(gray: Gray): (contract: InputContract) => SquareOf {
  const made = new Map<string, SquareOf>();
  return (contract) => {
    const key = JSON.stringify(contract);
    const found = made.get(key) ?? squaresOf(gray, contract);
    made.set(key, found);
    return found;
  };
}

/** The squares of one picture, as one contract wants them. */
export function squaresOf(gray: Gray, contract: InputContract): SquareOf {
  const made = new Map<number, Square>();
  const table = contract.stretch
    ? stretchTable(gray, contract.size, contract.stretch)
    : plainTable();
  return (side) => {
    const found = made.get(side) ?? square(gray, side, table, contract.letterbox.padding);
    made.set(side, found);
    return found;
  };
}

/** The squares of the mirror image. */
export function mirroredSquares(squares: SquareOf): SquareOf {
  return (side) => mirrored(squares(side), side);
}

/** The mirror image of a square, left and right exchanged. */
export function mirrored(values: Float32Array, size: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) out[y * size + x] = values[y * size + size - 1 - x];
  }
  return out;
}

/** A square as the tensor of a contract: equal channels, (1, size, size, channels). */
export function tensorOf(values: Square, contract: InputContract): Float32Array {
  const { channels, range } = contract;
  const [black, white] = range;
  const tensor = new Float32Array(values.length * channels);
  for (let i = 0, k = 0; i < values.length; i++) {
    const value = black + (white - black) * values[i];
    for (let channel = 0; channel < channels; channel++) tensor[k++] = value;
  }
  return tensor;
}

function square(gray: Gray, side: number, table: Float32Array, padding: number): Square {
  const box = letterboxOf(gray.width, gray.height, side);
  const { pixels } = fitted(gray, box);
  const values = new Float32Array(side * side).fill(padding);
  for (let y = 0, i = 0; y < box.height; y++) {
    const start = (box.top + y) * side + box.left;
    for (let x = 0; x < box.width; x++, i++) values[start + x] = table[pixels[i]];
  }
  return values;
}

function plainTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => value / 255);
}

/**
 * What becomes of each gray level where contrast is stretched between two percentiles of the
 * picture at the network's own size; in float32, as networks/stretching.py.
 */
function stretchTable(gray: Gray, size: number, stretch: Stretch): Float32Array {
  const { pixels } = fitted(gray, letterboxOf(gray.width, gray.height, size));
  const counts = new Float64Array(256);
  for (const value of pixels) counts[value]++;
  const low = percentile(counts, pixels.length, stretch.low);
  const high = Math.max(percentile(counts, pixels.length, stretch.high), low + 1);
  const width = Math.fround(high - low);
  return Float32Array.from({ length: 256 }, (_, value) => {
    const share = Math.fround(value - Math.fround(low)) / width;
    return Math.min(Math.max(share, 0), 1);
  });
}

/** A percentile of gray levels, interpolated between two of them as NumPy does. */
function percentile(counts: Float64Array, pixels: number, percent: number): number {
  const place = (percent / 100) * (pixels - 1);
  const rank = Math.floor(place);
  const [lower, upper] = [levelAt(counts, rank), levelAt(counts, Math.min(rank + 1, pixels - 1))];
  const share = place - rank;
  const step = upper - lower;
  return share < 0.5 ? lower + step * share : upper - step * (1 - share);
}

function levelAt(counts: Float64Array, rank: number): number {
  let seen = 0;
  for (let level = 0; level < 256; level++) {
    seen += counts[level];
    if (seen > rank) return level;
  }
  return 255;
}

/** Side of the enlarged square of a tiling, pixels. */
export function enlargedSide(size: number, enlargement: number): number {
  return roundEven(enlargement * size);
}
