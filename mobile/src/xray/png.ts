// Decodes PNG files to the bit: a browser hands back 8 bits of 16, and may add noise to them.
//
// PNG specification, third edition: https://www.w3.org/TR/png-3/

import { grayOfColor } from "./color";
import { damaged, UnreadableXray } from "./errors";
import { Gray } from "./gray";
import { inflated } from "./inflate";
import { ascii } from "./kind";
import { exifOrientation, upright } from "./orientation";

/** What a PNG holds. */
export interface PngPicture {
  /** 8 bits as they are shown, or deeper values. */
  gray: Gray<Uint8Array> | Gray<Uint16Array>;
  colorfulness: number;
}

interface Header {
  width: number;
  height: number;
  depth: number;
  color: number;
  interlaced: boolean;
}

interface Chunks {
  header: Header;
  palette: Uint8Array;
  opacity: Uint8Array;
  exif: Uint8Array;
  data: Uint8Array[];
}

/** Samples of a pixel, by color type (11.2.1). */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const COLOR = 2;
const PALETTE = 3;
/** Start and step of each pass of Adam7 (8.1): column, row, column step, row step. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** Width and height that a PNG states. */
export function pngSize(data: Uint8Array): [number, number] {
  const { width, height } = headerOf(data.subarray(16));
  return [width, height];
}

/** The gray values of a PNG; transparency laid on black, color made gray. */
export async function readPng(data: Uint8Array): Promise<PngPicture> {
  const chunks = chunksOf(data);
  const bytes = await inflated(chunks.data, "deflate").catch(() => {
    throw damaged("PNG");
  });
  const samples = samplesOf(bytes, chunks.header);
  const picture = pictureOf(samples, chunks);
  const turned = upright(picture.gray, exifOrientation(chunks.exif));
  return { ...picture, gray: turned };
}

function chunksOf(data: Uint8Array): Chunks {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const none = new Uint8Array();
  const chunks: Chunks = {
    header: headerOf(data.subarray(16)),
    palette: none,
    opacity: none,
    exif: none,
    data: [],
  };
  for (let place = 8; place + 12 <= data.length;) {
    const length = view.getUint32(place);
    const kind = ascii(data, place + 4, 4);
    const body = data.subarray(place + 8, place + 8 + length);
    if (body.length < length) throw damaged("PNG");
    if (kind === "acTL") {
      throw new UnreadableXray(
        "the PNG is animated; save the picture that you mean as a file of its own.",
      );
    }
    if (kind === "PLTE") chunks.palette = body;
    if (kind === "tRNS") chunks.opacity = body;
    if (kind === "eXIf") chunks.exif = body;
    if (kind === "IDAT") chunks.data.push(body);
    if (kind === "IEND") return chunks;
    place += 12 + length;
  }
  throw damaged("PNG");
}

function headerOf(body: Uint8Array): Header {
  if (body.length < 13) throw damaged("PNG");
  const view = new DataView(body.buffer, body.byteOffset);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: body[8],
    color: body[9],
    interlaced: body[12] === 1,
  };
  if (!SAMPLES[header.color] || ![1, 2, 4, 8, 16].includes(header.depth)) throw damaged("PNG");
  return header;
}

/** All samples, row by row; values of less than 8 bits are not widened. */
function samplesOf(bytes: Uint8Array, header: Header): Uint16Array {
  const { width, height, depth, color, interlaced } = header;
  const count = SAMPLES[color];
  const samples = new Uint16Array(width * height * count);
  const passes = interlaced ? PASSES : [[0, 0, 1, 1]];
  let place = 0;
  for (const [left, top, right, down] of passes) {
    const columns = Math.ceil((width - left) / right);
    const rows = Math.ceil((height - top) / down);
    if (columns <= 0 || rows <= 0) continue;
    const stride = Math.ceil((columns * count * depth) / 8);
    if (bytes.length < place + rows * (stride + 1)) throw damaged("PNG");
    const plain = unfiltered(bytes, place, rows, stride, Math.max(1, (count * depth) >> 3));
    place += rows * (stride + 1);
    for (let y = 0; y < rows; y++) {
      const row = plain.subarray(y * stride, (y + 1) * stride);
      const start = (top + y * down) * width + left;
      spread(row, depth, columns, count, samples, start, right);
    }
  }
  return samples;
}

/** Takes the filters off (9.2). */
function unfiltered(
  bytes: Uint8Array,
  begin: number,
  rows: number,
  stride: number,
  pixel: number,
): Uint8Array {
  const out = new Uint8Array(rows * stride);
  for (let y = 0; y < rows; y++) {
    const filter = bytes[begin + y * (stride + 1)];
    const from = begin + y * (stride + 1) + 1;
    const row = out.subarray(y * stride, (y + 1) * stride);
    const above = y > 0 ? out.subarray((y - 1) * stride, y * stride) : new Uint8Array(stride);
    row.set(bytes.subarray(from, from + stride));
    unfilterRow(filter, row, above, pixel);
  }
  return out;
}

function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, pixel: number): void {
  if (filter > 4) throw damaged("PNG");
  if (filter === 0) return;
  for (let x = 0; x < row.length; x++) {
    const left = x >= pixel ? row[x - pixel] : 0;
    const corner = x >= pixel ? above[x - pixel] : 0;
    if (filter === 1) row[x] += left;
    else if (filter === 2) row[x] += above[x];
    else if (filter === 3) row[x] += (left + above[x]) >> 1;
    else row[x] += paeth(left, above[x], corner);
  }
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function spread(
  row: Uint8Array,
  depth: number,
  columns: number,
  count: number,
  samples: Uint16Array,
  start: number,
  step: number,
): void {
  for (let x = 0; x < columns; x++) {
    const to = (start + x * step) * count;
    for (let s = 0; s < count; s++) samples[to + s] = sampleAt(row, depth, x * count + s);
  }
}

function sampleAt(row: Uint8Array, depth: number, number: number): number {
  if (depth === 8) return row[number];
  if (depth === 16) return (row[2 * number] << 8) | row[2 * number + 1];
  const bit = number * depth;
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function pictureOf(samples: Uint16Array, chunks: Chunks): PngPicture {
  const { width, height, depth, color } = chunks.header;
  if (depth === 16) return deepPicture(samples, chunks);
  if (color === 0 && !chunks.opacity.length) {
    const factor = 255 / (2 ** depth - 1);
    const pixels = Uint8Array.from(samples, (sample) => sample * factor);
    return { gray: { pixels, width, height }, colorfulness: 0 };
  }
  const pixel = pixelReader(samples, chunks);
  return grayOfColor(width, height, (top, bottom) => {
    const rgba = new Uint8Array((bottom - top) * width * 4);
    for (let i = 0; i < rgba.length / 4; i++) pixel(top * width + i, rgba, 4 * i);
    return rgba;
  });
}

/** Writes the color of a pixel, laid on black, to a place of an RGBA array. */
type PixelReader = (pixel: number, rgba: Uint8Array, place: number) => void;

function pixelReader(samples: Uint16Array, { header, palette, opacity }: Chunks): PixelReader {
  const { color, depth } = header;
  const count = SAMPLES[color];
  const widened = color === PALETTE ? 1 : 255 / (2 ** depth - 1);
  return (pixel, rgba, place) => {
    const at = pixel * count;
    const colors = color === COLOR || color === 6 ? [0, 1, 2] : [0, 0, 0];
    const hidden = opacity.length > 0 && isHidden(samples, at, color, opacity);
    let alpha = hidden ? 0 : 255;
    if (color === PALETTE) alpha = opacity[samples[at]] ?? 255;
    if (color === 4 || color === 6) alpha = samples[at + count - 1];
    for (let channel = 0; channel < 3; channel++) {
      const sample = samples[at + colors[channel]];
      const value = color === PALETTE ? palette[3 * sample + channel] : sample * widened;
      rgba[place + channel] = Math.round((value * alpha) / 255);
    }
  };
}

/** Whether a pixel has the one color that tRNS calls transparent (11.3.1.1). */
function isHidden(samples: Uint16Array, at: number, color: number, opacity: Uint8Array): boolean {
  const stated = (i: number) => (opacity[2 * i] << 8) | opacity[2 * i + 1];
  if (color === 0) return samples[at] === stated(0);
  return color === COLOR && [0, 1, 2].every((i) => samples[at + i] === stated(i));
}

/** 16 bits: gray as it is, color as luminance; transparency laid on black. */
function deepPicture(samples: Uint16Array, { header }: Chunks): PngPicture {
  const { width, height, color } = header;
  if (color === 0) return { gray: { pixels: samples, width, height }, colorfulness: 0 };
  const count = SAMPLES[color];
  const pixels = new Uint16Array(width * height);
  const colors = count > 2;
  for (let i = 0, k = 0; i < pixels.length; i++, k += count) {
    const gray = colors
      ? (samples[k] * 9798 + samples[k + 1] * 19235 + samples[k + 2] * 3735 + 16384) / 32768
      : samples[k];
    const alpha = count === 2 || count === 4 ? samples[k + count - 1] / 65535 : 1;
    pixels[i] = Math.floor(gray) * alpha;
  }
  const shallow = colors
    ? grayOfColor(width, height, (top, bottom) => {
        const rgba = new Uint8Array((bottom - top) * width * 4);
        for (let i = 0; i < rgba.length; i++) {
          const from = (top * width + (i >> 2)) * count + (i & 3);
          rgba[i] = (i & 3) < 3 ? samples[from] >> 8 : 255;
        }
        return rgba;
      })
    : null;
  const brightest = shallow ? shallow.gray.pixels.reduce((a, b) => Math.max(a, b), 1) : 1;
  const colorfulness = shallow ? (shallow.colorfulness * 255) / brightest : 0;
  return { gray: { pixels, width, height }, colorfulness };
}
