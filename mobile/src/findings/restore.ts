// Restores a network's map to the X-ray's size where it matters: a lesion is a thousandth of it.

import { letterboxOf } from "../xray/letterbox";
import { LinearTable, linearTable } from "../xray/resize";
import { Box } from "../results";

/** The part of a map, at the X-ray's size, that holds every pixel from a threshold on. */
export interface Restored {
  window: Box;
  /** In [0, 1], row by row of the window. */
  values: Float32Array;
}

/** Undoes the letterbox of a (size, size) map, bilinear, where pixels reach the threshold. */
export function restoreAbove(
  map: Float32Array,
  size: number,
  width: number,
  height: number,
  threshold: number,
): Restored {
  const box = letterboxOf(width, height, size);
  const [columns, rows] = [new Uint8Array(box.width), new Uint8Array(box.height)];
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * size + box.left;
    for (let x = 0; x < box.width; x++) {
      if (map[start + x] >= threshold) columns[x] = rows[y] = 1;
    }
  }
  if (!rows.includes(1)) {
    return { window: { x: 0, y: 0, width: 0, height: 0 }, values: new Float32Array() };
  }
  const [left, right] = reach(columns, width);
  const [top, bottom] = reach(rows, height);
  const window = { x: left, y: top, width: right - left, height: bottom - top };
  const inner = { map, size, start: box.top * size + box.left };
  const across = linearTable(box.width, width, true);
  const down = linearTable(box.height, height, false);
  return { window, values: stretched(inner, window, across, down) };
}

/** The pixels of the X-ray that lie between two of the map's of which one is high. */
function reach(high: Uint8Array, length: number): [number, number] {
  const scale = length / high.length;
  const first = Math.floor((high.indexOf(1) - 0.5) * scale - 0.5);
  const last = Math.ceil((high.lastIndexOf(1) + 1.5) * scale - 0.5);
  return [Math.max(first, 0), Math.min(last + 1, length)];
}

/** Where the picture lies in its letterboxed map. */
interface Inner {
  map: Float32Array;
  size: number;
  start: number;
}

function stretched(
  inner: Inner,
  window: Box,
  across: LinearTable,
  down: LinearTable,
): Float32Array {
  const values = new Float32Array(window.width * window.height);
  for (let y = 0, i = 0; y < window.height; y++) {
    const row = window.y + y;
    const upper = inner.start + down.first[row] * inner.size;
    const lower = inner.start + down.second[row] * inner.size;
    const weight = down.weight[row];
    for (let x = 0; x < window.width; x++, i++) {
      const column = window.x + x;
      const above = blend(inner.map, upper, across, column);
      const below = blend(inner.map, lower, across, column);
      const value = Math.fround(
        Math.fround(above * Math.fround(1 - weight)) + Math.fround(below * weight),
      );
      values[i] = Math.min(Math.max(value, 0), 1);
    }
  }
  return values;
}

/** A value between two neighbors of a row. */
function blend(map: Float32Array, start: number, table: LinearTable, column: number): number {
  const weight = table.weight[column];
  const first = Math.fround(map[start + table.first[column]] * Math.fround(1 - weight));
  return Math.fround(first + Math.fround(map[start + table.second[column]] * weight));
}
