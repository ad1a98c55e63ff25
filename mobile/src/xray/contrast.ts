// Which gray values become black and which white, as fracturelens/xray/contrast.py decides it.
//
// All of it works on a table: the value of each code, and how many pixels hold it.

import type { ContrastLimits } from "../networks/contract";
import { Gray, roundEven } from "./gray";

/** Least and greatest value. */
export type Range = [number, number];

/** Number of pixels of each code. */
export function histogram(codes: Uint8Array | Uint16Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  return counts;
}

/** Shares of white in [0, 1] as gray levels. */
export function toUint8(shares: Float64Array): Uint8Array {
  return Uint8Array.from(shares, (share) => roundEven(Math.min(Math.max(share, 0), 1) * 255));
}

/** The entry of each pixel's code. */
export function lookUp(codes: Uint8Array | Uint16Array, table: Uint8Array): Uint8Array {
  const found = new Uint8Array(codes.length);
  for (let i = 0; i < found.length; i++) found[i] = table[codes[i]];
  return found;
}

/** The values that pixels hold, ascending, and how many hold each. */
interface Present {
  values: Float64Array;
  pixels: Float64Array;
}

function presentOf(values: Float64Array, counts: Float64Array): Present {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (counts[i] > 0) places.push(i);
  places.sort((a, b) => values[a] - values[b]);
  return {
    values: Float64Array.from(places, (place) => values[place]),
    pixels: Float64Array.from(places, (place) => counts[place]),
  };
}

/** Least and greatest value of the picture itself, without markers and hot pixels. */
export function pictureRange(
  values: Float64Array,
  counts: Float64Array,
  limits: ContrastLimits,
): Range {
  const present = presentOf(values, counts);
  const shares = sums(present.pixels);
  const total = shares[shares.length - 1];
  for (let i = 0; i < shares.length; i++) shares[i] /= total;
  const low = present.values[firstFrom(shares, limits.tail)];
  const high = present.values[firstFrom(shares, 1 - limits.tail)];
  const turned = {
    values: present.values.map((value) => -value).reverse(),
    pixels: present.pixels.slice().reverse(),
  };
  const top = withoutOutliers(present, high, high - low, limits);
  const bottom = -withoutOutliers(turned, -low, high - low, limits);
  if (top > bottom) return [bottom, top];
  return [present.values[0], present.values[present.values.length - 1]];
}

/** The greatest of ascending values that belongs to the picture; `end` and `bulk` are its bulk's. */
function withoutOutliers(
  { values, pixels }: Present,
  end: number,
  bulk: number,
  limits: ContrastLimits,
): number {
  const last = values[values.length - 1];
  if (last <= end + bulk) return last;
  const upTo = sums(pixels);
  const all = upTo[upTo.length - 1];
  const isCut = (i: number) => {
    const gap = firstAbove(values, values[i] + bulk) - 1;
    const within = upTo[gap] - upTo[i];
    const beyond = all - upTo[gap];
    const start = firstFrom(values, last - limits.marker * (last - values[i]));
    const brightest = all - (start > 0 ? upTo[start - 1] : 0);
    return beyond > 0 && within <= limits.empty * beyond && 2 * brightest >= beyond;
  };
  for (let i = firstFrom(values, end); i < values.length; i++) {
    if (isCut(i)) return values[lastClose(values, i, limits.close * bulk)];
  }
  return last;
}

/** From a cut on, the place before the first step that is wider than `close`. */
function lastClose(values: Float64Array, first: number, close: number): number {
  for (let i = first; i + 1 < values.length; i++) {
    if (values[i + 1] - values[i] > close) return i;
  }
  return first;
}

/** Whether a picture spans so much of a scale, from black to white, that it may be believed. */
export function isFilled(
  values: Float64Array,
  counts: Float64Array,
  [black, white]: Range,
  limits: ContrastLimits,
  least = limits.filled,
): boolean {
  let [low, high] = pictureRange(values, counts, limits);
  const inScale = black <= low && low < high && high <= white;
  if (!inScale || high - low < limits.filled_8_bit * (white - black)) return false;
  const present = presentOf(values, counts).values;
  const [first, last] = [present[0], present[present.length - 1]];
  if (black <= first && last <= white) [low, high] = [first, last];
  return high - low >= least * (white - black);
}

/** Shares of white in [0, 1] for values that come without a window. */
export function naturalShares(
  values: Float64Array,
  counts: Float64Array,
  limits: ContrastLimits,
  scale: Range | null = null,
  step = 1,
): Float64Array {
  const [low, high] = pictureRange(values, counts, limits);
  for (const [black, white] of scales(low, high, scale, step)) {
    if (isFilled(values, counts, [black, white], limits)) return between(values, black, white);
  }
  return between(values, low, high === low ? low + 1 : high);
}

/** Where values lie between two others, cut to [0, 1]. */
export function between(values: Float64Array, black: number, white: number): Float64Array {
  return values.map((value) => Math.min(Math.max((value - black) / (white - black), 0), 1));
}

/** Scales that may have been meant: the declared one, 8 bits or more from 0, and from `low`. */
function scales(low: number, high: number, declared: Range | null, step: number): Range[] {
  const starts = low >= 0 ? [0, low] : [low];
  const guessed = starts.map((start): Range => {
    return [start, start + step * bitsInUse((high - start) / step)];
  });
  return declared ? [declared, ...guessed] : guessed;
}

function bitsInUse(steps: number): number {
  const bits = Math.max(0, Math.ceil(steps)).toString(2).length;
  return 2 ** Math.max(8, bits) - 1;
}

/** What the networks get for an 8-bit picture: itself, but stretched where contrast is low. */
export function standardOfGray(gray: Gray, limits: ContrastLimits): Gray {
  const grays = Float64Array.from({ length: 256 }, (_, level) => level);
  const contrast = (range: Range) => range[1] - range[0] >= limits.filled_8_bit * 255;
  if (contrast(pictureRange(grays, histogram(sampleOf(gray, limits), 256), limits))) return gray;
  const range = pictureRange(grays, histogram(gray.pixels, 256), limits);
  if (range[1] - range[0] < limits.flattest_8_bit || contrast(range)) return gray;
  return { ...gray, pixels: lookUp(gray.pixels, toUint8(between(grays, ...range))) };
}

function sampleOf({ pixels, width, height }: Gray, limits: ContrastLimits): Uint8Array {
  const step = 1 + Math.floor(Math.sqrt(pixels.length / limits.sample));
  const taken = new Uint8Array(Math.ceil(width / step) * Math.ceil(height / step));
  let i = 0;
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) taken[i++] = pixels[y * width + x];
  }
  return taken;
}

function sums(numbers: Float64Array): Float64Array {
  let total = 0;
  return numbers.map((number) => (total += number));
}

/** The first place of an ascending array that holds `least` or more; its length where none does. */
function firstFrom(numbers: Float64Array, least: number): number {
  return search(numbers, (number) => number >= least);
}

/** The first place that holds more than `most`. */
function firstAbove(numbers: Float64Array, most: number): number {
  return search(numbers, (number) => number > most);
}

function search(numbers: Float64Array, reached: (number: number) => boolean): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(numbers[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
