// What decides an answer, as `fracturelens export-phone` writes it into engine.json.

/** The `inference` block of a network's card; fracturelens/networks/inference.py describes it. */
export interface Inference {
  input: InputContract;
  classes: string[];
  output: "sigmoid" | "softmax" | "logits";
  tiling: Tiling | null;
  views?: AveragedView[];
  flips: boolean;
  calibration: Record<string, Calibration>;
  thresholds: Record<string, Record<string, number | string>>;
}

export interface InputContract {
  size: number;
  channels: number;
  range: [number, number];
  layout: string;
  dtype: string;
  letterbox: { aspect: string; place: string; padding: number; shrink: string; enlarge: string };
  stretch?: Stretch | null;
}

export interface Stretch {
  low: number;
  high: number;
}

export interface Tiling {
  enlargement: number;
  per_side: number;
  blend: string;
}

/** A small change of a picture: scaled, then moved by pixels of the input, then mirrored. */
export interface AveragedView {
  scale: number;
  right: number;
  down: number;
  mirrored: boolean;
}

export interface Calibration {
  slope: number;
  intercept: number;
}

export type Color = [number, number, number];

/** A network of the folder: how it is asked, its file, and how its marks are shown. */
export interface NetworkFacts {
  name: string;
  title: string;
  role: "gate" | "segmenter" | "screening";
  mark: Color;
  inference: Inference;
  file: string;
  sha256: string;
}

export interface Thresholds {
  doubtful: number;
  fracture: number;
  mask: Record<string, number>;
  min_lesion_share: number;
}

/** Limits of fracturelens/xray/contrast.py, by their names there. */
export interface ContrastLimits {
  tail: number;
  empty: number;
  marker: number;
  close: number;
  filled: number;
  filled_window: number;
  filled_8_bit: number;
  flattest_8_bit: number;
  sample: number;
}

/** Limits, classes and words of fracturelens/screening. */
export interface ScreeningFacts {
  color_limit: number;
  blank_limit: number;
  noise_limit: number;
  fewest_levels: number;
  straight: number;
  step: number;
  apart: number;
  most_lines: number;
  known: string[];
  negative: string;
  stands_out: number;
  seen: Record<string, string>;
  unlike: string;
  remedy: string;
  remedies: Record<string, string>;
  modalities: Record<string, string>;
  other_parts: Record<string, string[]>;
  limb_words: string[];
}

/** How many marks of a kind found a lesion. */
export interface MeasuredShare {
  networks: string[];
  value: number;
  low: number;
  high: number;
  true: number;
  regions: number;
  split: string;
}

export interface EngineFacts {
  /** Of this very folder. */
  version: string;
  library_version: string;
  precision: string;
  disclaimer: string;
  attribution: string;
  limits: { max_bytes: number; max_pixels: number; min_side: number };
  networks: NetworkFacts[];
  thresholds: Thresholds;
  several_mark: Color;
  overlap_limit: number;
  fracture_channel: number;
  contrast: ContrastLimits;
  screening: ScreeningFacts;
  cautions: Record<string, string>;
  verdicts: Record<string, string>;
  shares: Record<string, MeasuredShare[]>;
}

/** The calibration of one precision; float32's where it has none of its own. */
export function calibrationOf(inference: Inference, precision: string): Calibration {
  const fitted = inference.calibration;
  return fitted[precision] ?? fitted.float32 ?? { slope: 1, intercept: 0 };
}

/** The thresholds of one precision; float32's where it has none of its own. */
export function thresholdsOf(
  inference: Inference,
  precision: string,
): Record<string, number | string> {
  return inference.thresholds[precision] ?? inference.thresholds.float32 ?? {};
}
