// Pictures that the browser decodes: JPEG, WebP, BMP, AVIF and HEIC where it can.

import { Colored, grayOfColor } from "./color";
import { damaged } from "./errors";

/** The gray values of a picture, turned as its EXIF block says; transparency laid on black. */
export async function readByBrowser(data: Uint8Array, kind: string): Promise<Colored> {
  const bitmap = await decoded(data, kind);
  try {
    return grayOfBitmap(bitmap);
  } finally {
    bitmap.close();
  }
}

/** Width and height of a JPEG, from its frame header (ITU-T T.81 B.2.2); null where it has none. */
export function jpegSize(data: Uint8Array): [number, number] | null {
  for (let place = 2; place + 9 < data.length;) {
    if (data[place] !== 0xff) return null;
    const marker = data[place + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    const word = (at: number) => (data[place + at] << 8) | data[place + at + 1];
    if (isFrame) return [word(7), word(5)];
    place += marker === 0xff ? 1 : 2 + word(2);
  }
  return null;
}

/** Whether a JPEG ends before its picture does: browsers show what there is. */
export function isCutOff(data: Uint8Array): boolean {
  for (let place = data.length - 2; place > 0; place--) {
    if (data[place] === 0xff && data[place + 1] === 0xd9) return false;
    if (data[place] === 0xff && data[place + 1] === 0xda) return true;
  }
  return true;
}

async function decoded(data: Uint8Array, kind: string): Promise<ImageBitmap> {
  if (kind === "jpeg" && isCutOff(data)) throw damaged("JPEG");
  const blob = new Blob([data as BlobPart], { type: `image/${kind}` });
  try {
    return await createImageBitmap(blob, {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
  } catch {
    throw damaged(kind === "jpeg" || kind === "bmp" ? kind.toUpperCase() : `${kind} picture`);
  }
}

/** Strip by strip: phones bound the size of a canvas. */
function grayOfBitmap(bitmap: ImageBitmap): Colored {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, 1);
  return grayOfColor(width, height, (top, bottom) => {
    canvas.height = bottom - top;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("this browser cannot draw on a canvas");
    context.fillRect(0, 0, width, bottom - top);
    context.drawImage(bitmap, 0, -top);
    return context.getImageData(0, 0, width, bottom - top).data;
  });
}
