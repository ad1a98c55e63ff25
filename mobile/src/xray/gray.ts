// Gray pictures: the one array type that everything between file and network works on.

/** A gray picture: `pixels` row by row, width x height of them. */
export interface Gray<T extends Uint8Array | Uint16Array = Uint8Array> {
  pixels: T;
  width: number;
  height: number;
}

/** Bright and dark exchanged, a new picture. */
export function negative(gray: Gray): Gray {
  return { ...gray, pixels: gray.pixels.map((value) => 255 - value) };
}

/** Rows and columns exchanged, a new picture. */
export function transposed(gray: Gray): Gray {
  const { pixels, width, height } = gray;
  const turned = new Uint8Array(pixels.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) turned[x * height + y] = pixels[i];
  }
  return { pixels: turned, width: height, height: width };
}

/** The nearest whole number, halves to the even one, as Python, NumPy and OpenCV round. */
export function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
