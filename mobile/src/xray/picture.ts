// The radiograph that is made of decoded gray values, and what size it may have.

import type { ContrastLimits, EngineFacts } from "../networks/contract";
import { standardOfGray } from "./contrast";
import { UnreadableXray } from "./errors";
import { Gray } from "./gray";
import { grayOfDeep } from "./levels";
import { caution, Radiograph } from "./radiograph";

type Limits = EngineFacts["limits"];

/** The radiograph of gray values: 8 bits as they are, deeper values by their range. */
export function radiographOf(
  gray: Gray<Uint8Array> | Gray<Uint16Array>,
  colorfulness: number,
  limits: ContrastLimits,
): Radiograph {
  const { pixels, width, height } = gray;
  const deep = pixels instanceof Uint16Array;
  const shown = deep ? grayOfDeep({ pixels, width, height }, limits) : { pixels, width, height };
  const standard = deep ? shown : standardOfGray(shown, limits);
  const cautions = standard === shown ? [] : [caution("low_contrast")];
  return { shown, standard, colorfulness, cautions, source: null };
}

/** Refuses pictures that are too large or too small to be an X-ray. */
export function checkSize(width: number, height: number, limits: Limits): void {
  if (width * height > limits.max_pixels) {
    throw new UnreadableXray(
      `the picture has ${width} x ${height} pixels and at most ` +
        `${limits.max_pixels / 1e6} megapixels are accepted; export it smaller.`,
    );
  }
  if (Math.min(width, height) < limits.min_side) {
    throw new UnreadableXray(
      `the picture has ${width} x ${height} pixels and at least ` +
        `${limits.min_side} x ${limits.min_side} are needed; choose the X-ray in full size.`,
    );
  }
}
