// The value objects: what the networks said of an X-ray and what was made of it.

import type { Refusal } from "./screening/screen";
import type { Caution } from "./xray/radiograph";

export type Verdict = "fracture" | "doubtful" | "no_fracture";

/** Pixels of the X-ray. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The pixels that a network marks, 1 each, within a box outside of which it marks none. */
export interface Mask {
  box: Box;
  pixels: Uint8Array;
}

/** A region that a network painted; fracturelens/results.py describes each field. */
export interface Finding {
  number: number;
  box: Box;
  areaPixels: number;
  areaPercent: number;
  mean: number;
  networks: string[];
}

export interface Segmentation {
  network: string;
  mask: Mask;
  findings: Finding[];
}

export interface Prediction {
  gateProbability: number;
  verdict: Verdict;
  segmentations: Segmentation[];
  painted: boolean;
}

/** How long each step took, milliseconds. */
export type Times = Record<string, number>;

/** What became of one file: unreadable, refused, or judged. */
export interface Examination {
  error: string;
  refusal: Refusal | null;
  prediction: Prediction | null;
  cautions: Caution[];
  /** That the picture is a film that the networks know; null where no network was asked. */
  known: number | null;
  width: number;
  height: number;
  times: Times;
}

export interface ExamineOptions {
  /** Run the segmenters and paint whatever the verdict. */
  alwaysSegment: boolean;
  /** Judge what does not look like an X-ray too. */
  acceptAny: boolean;
}
