// Fits pictures of any shape into the networks' square, as fracturelens/xray/letterbox.py does.

import { Gray, roundEven } from "./gray";
import { resizeLinear, shrinkArea } from "./resize";

/** Where a picture lies in a square, all in pixels of the square. */
export interface Letterbox {
  size: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The letterbox of a picture of width x height: aspect kept, centered. */
export function letterboxOf(width: number, height: number, size: number): Letterbox {
  const scale = size / Math.max(width, height);
  const inner = (side: number) => Math.max(1, roundEven(side * scale));
  const [innerWidth, innerHeight] = [inner(width), inner(height)];
  return {
    size,
    left: Math.floor((size - innerWidth) / 2),
    top: Math.floor((size - innerHeight) / 2),
    width: innerWidth,
    height: innerHeight,
  };
}

/** The picture at the size that it has within the square, without padding. */
export function fitted(gray: Gray, box: Letterbox): Gray {
  if (gray.width === box.width && gray.height === box.height) return gray;
  const shrinks = Math.max(gray.width, gray.height) > box.size;
  return (shrinks ? shrinkArea : resizeLinear)(gray, box.width, box.height);
}
