// Color pictures to gray, and how colorful they were, as fracturelens/xray/color.py.

import { Gray } from "./gray";
import { shrinkArea } from "./resize";

/** Rows that are looked at together. */
export const STRIP = 128;
/** Side in pixels of the blocks over which color is averaged: the noise of JPEG is no color. */
const GRAIN = 4;
/** OpenCV's weights of red, green and blue, in 32,768ths. */
const [RED, GREEN, BLUE] = [9798, 19235, 3735];

/** A color picture as it is read: gray, and the mean difference between its channels. */
export interface Colored {
  gray: Gray;
  colorfulness: number;
}

/** Luminance, strip by strip; `strip` gives RGBA rows from `top` up to `bottom`. */
export function grayOfColor(
  width: number,
  height: number,
  strip: (top: number, bottom: number) => Uint8ClampedArray | Uint8Array,
): Colored {
  const pixels = new Uint8Array(width * height);
  const differences = [0, 0, 0];
  for (let top = 0; top < height; top += STRIP) {
    const bottom = Math.min(top + STRIP, height);
    const rgba = strip(top, bottom);
    if (luminance(rgba, pixels.subarray(top * width, bottom * width))) continue;
    const found = channelDifferences(rgba, width, bottom - top);
    found.forEach((value, pair) => (differences[pair] += (bottom - top) * value));
  }
  return { gray: { pixels, width, height }, colorfulness: Math.max(...differences) / height };
}

/** Fills in the gray of RGBA pixels laid on black; whether all of them were gray already. */
function luminance(rgba: Uint8ClampedArray | Uint8Array, gray: Uint8Array): boolean {
  let plain = true;
  for (let i = 0, k = 0; i < gray.length; i++, k += 4) {
    const [red, green, blue] = [rgba[k], rgba[k + 1], rgba[k + 2]];
    gray[i] = (red * RED + green * GREEN + blue * BLUE + 16384) >> 15;
    plain = plain && red === green && green === blue;
  }
  return plain;
}

/** Mean difference of each pair of channels, noise averaged out. */
function channelDifferences(
  rgba: Uint8ClampedArray | Uint8Array,
  width: number,
  height: number,
): number[] {
  const small = [0, 1, 2].map((channel) => {
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => rgba[4 * i + channel]);
    const across = Math.max(1, Math.floor(width / GRAIN));
    const down = Math.max(1, Math.floor(height / GRAIN));
    return shrinkArea({ pixels, width, height }, across, down).pixels;
  });
  return [
    [0, 1],
    [1, 2],
    [0, 2],
  ].map(([first, second]) => {
    let sum = 0;
    small[first].forEach((value, i) => (sum += Math.abs(value - small[second][i])));
    return sum / small[first].length;
  });
}
