// How a camera was held: the orientation tag of EXIF (TIFF 6.0, tag 274).

import { Gray } from "./gray";

const ORIENTATION = 274;
const SHORT = 3;

/** The orientation that an EXIF block states, 1 to 8; 1 where it states none. */
export function exifOrientation(exif: Uint8Array): number {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (exif.length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const start = view.getUint32(4, little);
  if (exif.length < start + 2) return 1;
  const entries = view.getUint16(start, little);
  for (let i = 0, at = start + 2; i < entries && at + 12 <= exif.length; i++, at += 12) {
    if (view.getUint16(at, little) === ORIENTATION && view.getUint16(at + 2, little) === SHORT) {
      const value = view.getUint16(at + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  }
  return 1;
}

/** The picture as it should be seen. */
export function upright<T extends Gray<Uint8Array> | Gray<Uint16Array>>(
  gray: T,
  orientation: number,
): T {
  if (orientation === 1) return gray;
  const turns = orientation >= 5;
  const [width, height] = turns ? [gray.height, gray.width] : [gray.width, gray.height];
  const pixels = gray.pixels.slice();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const column = [2, 3, 6, 7].includes(orientation) ? width - 1 - x : x;
      const row = [3, 4, 7, 8].includes(orientation) ? height - 1 - y : y;
      pixels[i] = gray.pixels[turns ? column * gray.width + row : row * gray.width + column];
    }
  }
  return { ...gray, pixels, width, height };
}
