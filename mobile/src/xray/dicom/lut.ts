// The arithmetic of PS3.3 C.11, on a table of values: modality LUT, rescale, VOI LUT, window.

import type { ContrastLimits } from "../../networks/contract";
import { pictureRange, Range } from "../contrast";
import { roundEven } from "../gray";
import { Header, wordsOf } from "./header";
import type { Layout } from "./layout";

/** Share of the screen's grays that a picture must span in a window that is of any use. */
const LEAST_SHOWN = 0.05;
/** Share of the pixels that must be neither black nor white in it. */
const LEAST_INSIDE = 0.001;

/** Modality values: one for each code, what could be stored, and how far neighbors are apart. */
export interface Values {
  values: Float64Array;
  scale: Range;
  step: number;
}

interface Table {
  first: number;
  entries: Uint16Array;
  bits: number;
}

/** What a VOI LUT or window shows, as shares of white; `straight` is the same without curve. */
export interface View {
  shown: Float64Array;
  straight: Float64Array;
}

/** What each word stands for (PS3.5 8.1.1); bits beyond those stored are cut off. */
export function storedValues({ allocated, stored, signed }: Layout): Values {
  const half = 2 ** (stored - 1);
  const mask = 2 * half - 1;
  const values = Float64Array.from({ length: 2 ** allocated }, (_, word) => {
    const value = word & mask;
    return signed ? (value ^ half) - half : value;
  });
  return { values, scale: signed ? [-half, half - 1] : [0, mask], step: 1 };
}

/** Modality LUT, else rescale slope (with its sign) and intercept (PS3.3 C.11.1). */
export function modalityValues(header: Header, stored: Values, signed: boolean): Values {
  const [table] = tablesOf(header, "ModalityLUTSequence", signed);
  if (table)
    return { values: lookUpAll(table, stored.values), scale: [0, whiteOf(table)], step: 1 };
  const slope = header.decimals("RescaleSlope")[0] || 1;
  const intercept = header.decimals("RescaleIntercept")[0] ?? 0;
  const values = stored.values.map((value) => value * slope + intercept);
  if (!values.every(Number.isFinite)) return stored;
  const ends = stored.scale.map((end) => end * slope + intercept).sort((a, b) => a - b);
  return { values, scale: [ends[0], ends[1]], step: stored.step * Math.abs(slope) };
}

/** What the file's own VOI LUT or window shows (PS3.3 C.11.2), or why there is none. */
export function windowed(
  header: Header,
  values: Float64Array,
  counts: Float64Array,
  limits: ContrastLimits,
): View | "no_window" | "window_off_data" {
  const views = viewsOf(header, values);
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  for (const view of views) {
    let inside = 0;
    view.shown.forEach((share, i) => {
      if (share > 0.001 && share < 0.999) inside += counts[i];
    });
    const [low, high] = pictureRange(view.shown, counts, limits);
    if (high - low >= LEAST_SHOWN && inside >= LEAST_INSIDE * pixels) return view;
  }
  return views.length ? "window_off_data" : "no_window";
}

/** The first VOI LUT, then each window. */
function viewsOf(header: Header, values: Float64Array): View[] {
  const signed = values.some((value) => value < 0);
  const views = tablesOf(header, "VOILUTSequence", signed)
    .slice(0, 1)
    .map((table): View => {
      const white = whiteOf(table);
      const shown = lookUpAll(table, values).map((entry) =>
        Math.min(Math.max(entry / white, 0), 1),
      );
      return { shown, straight: shown };
    });
  const curve = header.text("VOILUTFunction");
  const widths = header.decimals("WindowWidth");
  header
    .decimals("WindowCenter")
    .slice(0, widths.length)
    .forEach((center, i) => {
      if (widths[i] <= 0) return;
      const shown = window(values, center, widths[i], curve);
      const straight = curve === "SIGMOID" ? window(values, center, widths[i], "") : shown;
      views.push({ shown, straight });
    });
  return views;
}

/** Shares of white that a window gives to values (PS3.3 C.11.2.1.2 and C.11.2.1.3). */
function window(values: Float64Array, center: number, width: number, curve: string): Float64Array {
  const cut = (share: number) => Math.min(Math.max(share, 0), 1);
  if (curve === "SIGMOID") {
    const power = (value: number) => (-4 * (value - center)) / width;
    return values.map((value) => 1 / (1 + Math.exp(Math.min(Math.max(power(value), -500), 500))));
  }
  if (curve === "LINEAR_EXACT" || width < 1) {
    return values.map((value) => cut((value - center) / width + 0.5));
  }
  if (width === 1) return values.map((value) => (value > center - 0.5 ? 1 : 0));
  return values.map((value) => cut((value - (center - 0.5)) / (width - 1) + 0.5));
}

/** The look-up tables of a sequence (PS3.3 C.11.1.1); items without one are passed over. */
function tablesOf(
  header: Header,
  sequence: "ModalityLUTSequence" | "VOILUTSequence",
  signed: boolean,
): Table[] {
  return header.items(sequence).flatMap((item) => {
    const descriptor = wordsOf(item.raw("LUTDescriptor"), item.littleEndian);
    const data = item.raw("LUTData");
    if (descriptor.length !== 3 || !data.length || !descriptor[2]) return [];
    const number = descriptor[0] || 65536;
    const first = signed && descriptor[1] >= 32768 ? descriptor[1] - 65536 : descriptor[1];
    const wide = data.length >= 2 * number;
    const entries = wide ? wordsOf(data, item.littleEndian) : Uint16Array.from(data);
    const table = {
      first,
      entries: entries.subarray(0, number),
      bits: Math.min(descriptor[2], 16),
    };
    return table.entries.length === number ? [table] : [];
  });
}

/** The entry that is white; many files declare 16 bits and use 12, or 12 and use 16. */
function whiteOf({ entries, bits }: Table): number {
  const greatest = entries.reduce((a, b) => Math.max(a, b), 0);
  const used = greatest ? greatest.toString(2).length : 0;
  return 2 ** Math.max(used, bits < 16 ? bits : 8) - 1;
}

function lookUpAll({ first, entries }: Table, values: Float64Array): Float64Array {
  const last = entries.length - 1;
  return values.map((value) => entries[Math.min(Math.max(roundEven(value) - first, 0), last)]);
}
