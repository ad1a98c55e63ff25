// The checks that need no network: color, blank, noise, few gray levels, ruled lines.

import type { ScreeningFacts } from "../networks/contract";
import { histogram } from "../xray/contrast";
import { Gray, transposed } from "../xray/gray";
import type { Radiograph } from "../xray/radiograph";

/** What a picture fails: a kind, and what its sentence tells besides. */
export interface Failed {
  kind: string;
  detail: string;
}

/** The first check that a picture fails; null where it passes. */
export function checkPicture(radiograph: Radiograph, facts: ScreeningFacts): Failed | null {
  const gray = radiograph.standard;
  const fails = (kind: string, detail = "") => ({ kind, detail });
  if (radiograph.colorfulness > facts.color_limit) return fails("color");
  const counts = histogram(gray.pixels, 256);
  if (deviation(counts) < facts.blank_limit) return fails("blank");
  if (neighborCorrelation(gray) < facts.noise_limit) return fails("noise");
  const levels = counts.filter((count) => count * 10_000 >= gray.pixels.length).length;
  if (levels < facts.fewest_levels) return fails("shades", String(levels));
  const lines = ruledLines(gray, facts) + ruledLines(transposed(gray), facts);
  return lines > facts.most_lines ? fails("lines") : null;
}

/** Standard deviation of gray levels. */
function deviation(counts: Float64Array): number {
  let [pixels, sum, squares] = [0, 0, 0];
  counts.forEach((count, level) => {
    pixels += count;
    sum += count * level;
    squares += count * level * level;
  });
  const mean = sum / pixels;
  return Math.sqrt(Math.max(squares / pixels - mean * mean, 0));
}

/** Correlation of each pixel with its right neighbor, over at most a million or so. */
function neighborCorrelation({ pixels, width, height }: Gray): number {
  const step = 1 + Math.floor(pixels.length / 1_000_000);
  let [count, left, right, lefts, rights, both] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += step) {
    for (let i = y * width; i < (y + 1) * width - 1; i++) {
      const [a, b] = [pixels[i], pixels[i + 1]];
      count++;
      left += a;
      right += b;
      lefts += a * a;
      rights += b * b;
      both += a * b;
    }
  }
  const covariance = both / count - (left / count) * (right / count);
  const spread = (squares: number, sum: number) =>
    Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0));
  return covariance / (spread(lefts, left) * spread(rights, right) + 1e-6);
}

/** Straight lines across that run between two even grays; those close together count as one. */
function ruledLines(gray: Gray, facts: ScreeningFacts): number {
  if (Math.min(gray.width, gray.height) < 2 || gray.width <= facts.straight) return 0;
  let [lines, last] = [0, -facts.apart - 1];
  for (let y = 0; y + 1 < gray.height; y++) {
    if (!isRuled(gray, y, facts)) continue;
    if (y - last > facts.apart) lines++;
    last = y;
  }
  return lines;
}

/** Whether a row differs by a step from the next one, both even, over `straight` pixels. */
function isRuled({ pixels, width }: Gray, y: number, facts: ScreeningFacts): boolean {
  let run = 0;
  for (let i = y * width + 1, k = i + width; i < (y + 1) * width; i++, k++) {
    const even = pixels[i] === pixels[i - 1] && pixels[k] === pixels[k - 1];
    run = even && Math.abs(pixels[k] - pixels[i]) >= facts.step ? run + 1 : 0;
    if (run >= facts.straight) return true;
  }
  return false;
}
