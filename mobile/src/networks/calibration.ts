// Platt scaling: turns a gate's raw output into a probability that means what it says.

import type { Calibration } from "./contract";

/** Outputs are kept this far from 0 and 1, whose logits are infinite. */
const SMALLEST = 1e-7;

/** Log odds of a probability. */
export function logit(probability: number): number {
  const safe = Math.min(Math.max(probability, SMALLEST), 1 - SMALLEST);
  return Math.log(safe) - Math.log1p(-safe);
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** sigmoid(slope * logit(output) + intercept). */
export function calibrated(output: number, { slope, intercept }: Calibration): number {
  return sigmoid(slope * logit(output) + intercept);
}
