// Small changes of one X-ray over which a gate's answers are averaged, as networks/averaging.py.

import { roundEven } from "../xray/gray";
import type { AveragedView } from "./contract";
import { logit, sigmoid } from "./calibration";
import { mirrored, Square, SquareOf } from "./inputs";

/** Half a step of an INT8 output: a view that was rounded to 0 must not outweigh all others. */
const LEAST = 1 / 512;

/** The letterboxed picture, scaled, then moved, then mirrored; what is open is black. */
export function viewOf(squares: SquareOf, size: number, view: AveragedView): Square {
  const side = roundEven(view.scale * size);
  const margin = Math.floor((size - side) / 2);
  const source = squares(side);
  const moved = new Float32Array(size * size);
  const [left, top] = [margin + view.right, margin + view.down];
  for (let y = Math.max(0, top); y < Math.min(size, top + side); y++) {
    const row = (y - top) * side - left;
    for (let x = Math.max(0, left); x < Math.min(size, left + side); x++) {
      moved[y * size + x] = source[row + x];
    }
  }
  return view.mirrored ? mirrored(moved, size) : moved;
}

/** The sigmoid of the mean logit over views. */
export function meanProbability(probabilities: number[]): number {
  const kept = probabilities.map((value) => Math.min(Math.max(value, LEAST), 1 - LEAST));
  const mean = kept.reduce((sum, value) => sum + logit(value), 0) / kept.length;
  return Math.fround(sigmoid(mean));
}
