// Resizing that gives OpenCV's very numbers: a browser's own differs, and the verdict with it.

import { Gray, roundEven } from "./gray";

/** Share of a pixel below which OpenCV leaves it out of an area. */
const SLIVER = 1e-3;
/** Fixed-point weights of OpenCV's bilinear 8-bit resizing: 11 bits. */
const WEIGHT_SCALE = 2048;

/** cv2.resize(..., INTER_AREA) of an 8-bit picture that shrinks. */
export function shrinkArea(source: Gray, width: number, height: number): Gray {
  const pixels = new Uint8Array(width * height);
  if (source.width % width === 0 && source.height % height === 0) {
    shrinkWhole(source, width, height, pixels);
  } else {
    const sums = areaSums(source.pixels, source.width, source.height, width, height);
    for (let i = 0; i < pixels.length; i++) pixels[i] = roundEven(sums[i]);
  }
  return { pixels, width, height };
}

/** cv2.resize(..., INTER_AREA) of one float32 channel that shrinks. */
export function shrinkAreaFloat(source: Float32Array, from: number, to: number): Float32Array {
  return from === to ? source : areaSums(source, from, from, to, to);
}

/** cv2.resize(..., INTER_LINEAR) of an 8-bit picture, in fixed point as OpenCV does it. */
export function resizeLinear(source: Gray, width: number, height: number): Gray {
  const { pixels } = source;
  const across = linearTable(source.width, width, true);
  const down = linearTable(source.height, height, false);
  const rows = new Map<number, Int32Array>();
  const row = (y: number) =>
    rows.get(y) ?? keep(rows, y, fixedRow(pixels, source.width, y, across));
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const upper = row(down.first[y]);
    const lower = row(down.second[y]);
    const weight = roundEven(down.weight[y] * WEIGHT_SCALE);
    const rest = roundEven(Math.fround(1 - down.weight[y]) * WEIGHT_SCALE);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      out[i] = (((rest * (upper[x] >> 4)) >> 16) + ((weight * (lower[x] >> 4)) >> 16) + 2) >> 2;
    }
  }
  return { pixels: out, width, height };
}

/** Where each pixel of a line comes from: two pixels, and how much the second one counts. */
export interface LinearTable {
  first: Int32Array;
  second: Int32Array;
  weight: Float32Array;
}

/** OpenCV's table of a bilinear line; across it clamps the weights, down only the places. */
export function linearTable(from: number, to: number, clampWeights: boolean): LinearTable {
  const table = {
    first: new Int32Array(to),
    second: new Int32Array(to),
    weight: new Float32Array(to),
  };
  for (let i = 0; i < to; i++) {
    const place = Math.fround((i + 0.5) * (from / to) - 0.5);
    let first = Math.floor(place);
    let weight = Math.fround(place - first);
    if (clampWeights && (first < 0 || first >= from - 1)) {
      first = first < 0 ? 0 : from - 1;
      weight = 0;
    }
    table.first[i] = Math.min(Math.max(first, 0), from - 1);
    table.second[i] = Math.min(Math.max(first + 1, 0), from - 1);
    table.weight[i] = weight;
  }
  return table;
}

function keep(rows: Map<number, Int32Array>, y: number, row: Int32Array): Int32Array {
  if (rows.size > 3) rows.delete(rows.keys().next().value as number);
  rows.set(y, row);
  return row;
}

function fixedRow(pixels: Uint8Array, width: number, y: number, table: LinearTable): Int32Array {
  const row = new Int32Array(table.first.length);
  const start = y * width;
  for (let x = 0; x < row.length; x++) {
    const weight = roundEven(table.weight[x] * WEIGHT_SCALE);
    const rest = roundEven(Math.fround(1 - table.weight[x]) * WEIGHT_SCALE);
    row[x] = pixels[start + table.first[x]] * rest + pixels[start + table.second[x]] * weight;
  }
  return row;
}

/** Shrinks by whole factors: OpenCV adds up integers there. */
function shrinkWhole(source: Gray, width: number, height: number, out: Uint8Array): void {
  const across = source.width / width;
  const down = source.height / height;
  const share = Math.fround(1 / (across * down));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let sum = 0;
      for (let row = y * down; row < (y + 1) * down; row++) {
        const start = row * source.width + x * across;
        for (let place = start; place < start + across; place++) sum += source.pixels[place];
      }
      out[i] = across === 2 && down === 2 ? (sum + 2) >> 2 : roundEven(Math.fround(sum * share));
    }
  }
}

/** Which pixels an area covers, and with what share: `places` and `shares`, `starts` for each. */
interface AreaTable {
  starts: Int32Array;
  places: number[];
  shares: number[];
}

function areaTable(from: number, to: number): AreaTable {
  const scale = from / to;
  const table: AreaTable = { starts: new Int32Array(to + 1), places: [], shares: [] };
  const add = (place: number, share: number) => {
    table.places.push(place);
    table.shares.push(Math.fround(share));
  };
  for (let i = 0; i < to; i++) {
    const begin = i * scale;
    const end = begin + scale;
    const cell = Math.min(scale, from - begin);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(begin), last);
    if (first - begin > SLIVER) add(first - 1, (first - begin) / cell);
    for (let place = first; place < last; place++) add(place, 1 / cell);
    if (end - last > SLIVER) add(last, Math.min(end - last, 1, cell) / cell);
    table.starts[i + 1] = table.places.length;
  }
  return table;
}

/** Sums over areas in float32, in OpenCV's order: another order rounds other pixels. */
function areaSums(
  source: Uint8Array | Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
): Float32Array {
  const across = areaTable(sourceWidth, width);
  const down = areaTable(sourceHeight, height);
  const out = new Float32Array(width * height);
  const line = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let k = down.starts[y]; k < down.starts[y + 1]; k++) {
      areaLine(source, down.places[k] * sourceWidth, across, line);
      const share = down.shares[k];
      for (let x = 0; x < width; x++) {
        out[start + x] = out[start + x] + Math.fround(line[x] * share);
      }
    }
  }
  return out;
}

function areaLine(
  source: Uint8Array | Float32Array,
  start: number,
  table: AreaTable,
  line: Float32Array,
): void {
  const { starts, places, shares } = table;
  for (let x = 0; x < line.length; x++) {
    let sum = 0;
    for (let k = starts[x]; k < starts[x + 1]; k++) {
      sum = Math.fround(sum + Math.fround(source[start + places[k]] * shares[k]));
    }
    line[x] = sum;
  }
}
