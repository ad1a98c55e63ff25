// Finds the connected regions of what a network marks, at the X-ray's own size.

import { Box, Mask } from "../results";
import { Restored } from "./restore";

/** One connected region of one network's mask. */
export interface Region {
  /** Pixels of the X-ray. */
  box: Box;
  /** 1 for the region's own pixels of the box, row by row. */
  pixels: Uint8Array;
  area: number;
  /** Fracture probability inside, mean, in [0, 1]. */
  mean: number;
}

/** Regions (8 neighbors) of a restored map from a threshold on, and the mask of those kept. */
export function findRegions(
  { window, values }: Restored,
  threshold: number,
  smallest: number,
): { regions: Region[]; mask: Mask } {
  const { width, height } = window;
  const open = new Uint8Array(width * height);
  for (let i = 0; i < open.length; i++) open[i] = values[i] >= threshold ? 1 : 0;
  const mask: Mask = { box: window, pixels: new Uint8Array(width * height) };
  const regions: Region[] = [];
  for (let i = 0; i < open.length; i++) {
    if (!open[i]) continue;
    const places = flood(open, i, width, height);
    if (places.length < smallest) continue;
    for (const place of places) mask.pixels[place] = 1;
    regions.push(regionOf(places, window, values));
  }
  return { regions, mask };
}

/** Takes a region out of a map; the places of its pixels. */
function flood(open: Uint8Array, first: number, width: number, height: number): number[] {
  const places = [first];
  open[first] = 0;
  for (let next = 0; next < places.length; next++) {
    const x = places[next] % width;
    const y = (places[next] - x) / width;
    for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); row++) {
      for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); column++) {
        const place = row * width + column;
        if (!open[place]) continue;
        open[place] = 0;
        places.push(place);
      }
    }
  }
  return places;
}

function regionOf(places: number[], window: Box, values: Float32Array): Region {
  let [left, top, right, bottom, sum] = [Infinity, Infinity, 0, 0, 0];
  for (const place of places) {
    const x = place % window.width;
    const y = (place - x) / window.width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    sum += values[place];
  }
  const [width, height] = [right - left + 1, bottom - top + 1];
  const pixels = new Uint8Array(width * height);
  for (const place of places) {
    const x = place % window.width;
    const y = (place - x) / window.width;
    pixels[(y - top) * width + x - left] = 1;
  }
  const box = { x: window.x + left, y: window.y + top, width, height };
  return { box, pixels, area: places.length, mean: sum / places.length };
}
