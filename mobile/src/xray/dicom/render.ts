// From the words of a DICOM frame to gray pictures: for people and for the networks.

import type { ContrastLimits } from "../../networks/contract";
import { histogram, isFilled, lookUp, naturalShares, toUint8 } from "../contrast";
import { Gray } from "../gray";
import { caution, Caution } from "../radiograph";
import type { Header } from "./header";
import type { Layout } from "./layout";
import { modalityValues, storedValues, Values, windowed } from "./lut";

const FOR_PROCESSING = "FOR PROCESSING";
/** Digital X-ray, mammography and intra-oral images For Processing. */
const PROCESSING_CLASSES = ["1.1", "2.1", "3.1"].map((end) => `1.2.840.10008.5.1.4.1.1.1.${end}`);

export interface Rendered {
  shown: Gray;
  standard: Gray;
  cautions: Caution[];
}

interface Shares {
  shown: Float64Array;
  standard: Float64Array;
  cautions: Caution[];
}

/** Modality, window and photometric transforms of PS3.3 in their order. */
export function renderGray(
  words: Uint8Array | Uint16Array,
  layout: Layout,
  header: Header,
  limits: ContrastLimits,
): Rendered {
  const stored = storedValues(layout);
  const padding = paddingOf(stored.values, header, layout);
  const counts = countsOf(words, padding);
  const modality = modalityValues(header, stored, layout.signed);
  const found = isRaw(header)
    ? rawShares(modality, counts, header, layout, limits)
    : shares(modality, counts, header, layout, limits);
  const table = (share: Float64Array) => toUint8(share.map((value, i) => (padding[i] ? 0 : value)));
  const [first, second] = [table(found.shown), table(found.standard)];
  const same = counts.every((count, i) => !count || first[i] === second[i]);
  const size = { width: layout.columns, height: layout.rows };
  const shown = { ...size, pixels: lookUp(words, first) };
  const standard = same ? shown : { ...size, pixels: lookUp(words, second) };
  return { shown, standard, cautions: found.cautions };
}

function isRaw(header: Header): boolean {
  const intent = header.text("PresentationIntentType");
  return intent === FOR_PROCESSING || PROCESSING_CLASSES.includes(header.uid("SOPClassUID"));
}

/** Pixels of each word, padding left out unless there is nothing else. */
function countsOf(words: Uint8Array | Uint16Array, padding: Uint8Array): Float64Array {
  const counts = histogram(words, padding.length);
  if (!counts.some((count, i) => count > 0 && !padding[i])) return counts;
  return counts.map((count, i) => (padding[i] ? 0 : count));
}

/** Which words are no picture (PS3.3 C.7.5.1.1.2). */
function paddingOf(values: Float64Array, header: Header, layout: Layout): Uint8Array {
  const padding = new Uint8Array(values.length);
  if (!header.has("PixelPaddingValue")) return padding;
  const first = header.integer("PixelPaddingValue", -1, layout.signed);
  const last = header.integer("PixelPaddingRangeLimit", first, layout.signed);
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  const inside = (value: number) => value >= low && value <= high;
  return padding.map((_, word) =>
    inside(values[word]) || (!layout.signed && inside(word)) ? 1 : 0,
  );
}

function shares(
  modality: Values,
  counts: Float64Array,
  header: Header,
  layout: Layout,
  limits: ContrastLimits,
): Shares {
  const eightBits = layout.stored <= 8;
  const view = windowed(header, modality.values, counts, limits);
  const plain = natural(modality, counts, eightBits, limits);
  let [shown, standard] = [plain, plain];
  if (typeof view !== "string") {
    shown = view.shown;
    const least = eightBits ? limits.filled_8_bit : limits.filled_window;
    if (isFilled(view.straight, counts, [0, 1], limits, least)) standard = view.straight;
  }
  if (layout.photometric === "MONOCHROME1") {
    const other = shown === standard ? null : standard.map((share) => 1 - share);
    shown = shown.map((share) => 1 - share);
    standard = other ?? shown;
  }
  const cautions: Caution[] = [];
  const silent = typeof view !== "string" || (view === "no_window" && eightBits);
  if (!silent) cautions.push(caution(view as string));
  if (!isFilled(shown, counts, [0, 1], limits, limits.filled_8_bit)) {
    cautions.push(caution("low_contrast"));
  }
  return { shown, standard, cautions };
}

/** Shares of white without a window; those of 8 bits as in any other file of 8 bits. */
function natural(
  modality: Values,
  counts: Float64Array,
  eightBits: boolean,
  limits: ContrastLimits,
): Float64Array {
  const { values, scale, step } = modality;
  if (eightBits && isFilled(values, counts, scale, limits, limits.filled_8_bit)) {
    const [low, high] = scale;
    return values.map((value) => Math.min(Math.max((value - low) / (high - low), 0), 1));
  }
  return naturalShares(values, counts, limits, scale, step);
}

/** Raw detector data as a viewer shows it: logarithm, bone bright, stretched (C.8.11.3.1.2). */
function rawShares(
  modality: Values,
  counts: Float64Array,
  header: Header,
  layout: Layout,
  limits: ContrastLimits,
): Shares {
  const stated = header.integer("PixelIntensityRelationshipSign", 0, true);
  const sign = stated || (layout.photometric === "MONOCHROME1" ? 1 : -1);
  const [low, high] = modality.scale;
  let beam = modality.values.map((value) => (sign > 0 ? value - low : high - value));
  if (header.text("PixelIntensityRelationship") !== "LOG") {
    beam = beam.map((value) => Math.log(Math.max(value, 1)));
  }
  const bright = naturalShares(beam, counts, limits).map((share) => 1 - share);
  return { shown: bright, standard: bright, cautions: [caution("raw_detector_data")] };
}
