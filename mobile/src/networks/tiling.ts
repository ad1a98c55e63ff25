// Cuts a square into overlapping tiles and joins their answers, as fracturelens/networks/tiling.py.

import { roundEven } from "../xray/gray";

/** First pixel of each tile along one side; the last tile ends with the picture. */
function starts(side: number, size: number, perSide: number): number[] {
  return Array.from({ length: perSide }, (_, place) =>
    roundEven((place * (side - size)) / (perSide - 1)),
  );
}

/** Tiles of a square picture of one channel, row by row. */
export function cutTiles(
  picture: Float32Array,
  side: number,
  size: number,
  perSide: number,
): Float32Array[] {
  const corners = starts(side, size, perSide);
  return corners.flatMap((top) => corners.map((left) => cut(picture, side, size, top, left)));
}

function cut(
  picture: Float32Array,
  side: number,
  size: number,
  top: number,
  left: number,
): Float32Array {
  const tile = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    const start = (top + y) * side + left;
    tile.set(picture.subarray(start, start + size), y * size);
  }
  return tile;
}

/** The whole that tiles were cut from; where they overlap, one fades into the next. */
export function joinTiles(tiles: Float32Array[], side: number, perSide: number): Float32Array {
  const size = Math.sqrt(tiles[0].length);
  const corners = starts(side, size, perSide);
  const shares = fades(side, size, perSide);
  const whole = new Float32Array(side * side);
  tiles.forEach((tile, number) => {
    const row = Math.floor(number / perSide);
    const column = number % perSide;
    for (let y = 0; y < size; y++) {
      const down = shares[row][corners[row] + y];
      const start = (corners[row] + y) * side + corners[column];
      for (let x = 0; x < size; x++) {
        const share = Math.fround(down * shares[column][corners[column] + x]);
        whole[start + x] += Math.fround(share * tile[y * size + x]);
      }
    }
  });
  return whole;
}

/** How much each tile counts at each pixel along one side; they add up to 1. */
function fades(side: number, size: number, perSide: number): Float32Array[] {
  const corners = starts(side, size, perSide);
  const left = new Float64Array(side).fill(1);
  const shares = corners.map(() => new Float32Array(side));
  for (let place = 0; place + 1 < perSide; place++) {
    const end = corners[place] + size;
    for (let pixel = 0; pixel < side; pixel++) {
      const fade = (end - pixel - 0.5) / (end - corners[place + 1]);
      const share = Math.min(Math.max(fade, 0), 1);
      shares[place][pixel] = left[pixel] * share;
      left[pixel] *= 1 - share;
    }
  }
  shares[perSide - 1] = Float32Array.from(left);
  return shares;
}
