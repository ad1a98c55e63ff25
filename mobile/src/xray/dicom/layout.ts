// How the pixels of a DICOM file are stored (PS3.3 C.7.6.3), checked before any is read.

import { contradiction } from "../errors";
import type { Header } from "./header";

export const COLOR = [
  "RGB",
  "YBR_FULL",
  "YBR_FULL_422",
  "YBR_PARTIAL_422",
  "YBR_PARTIAL_420",
  "YBR_ICT",
  "YBR_RCT",
];
export const PALETTE = "PALETTE COLOR";
const GRAY = ["MONOCHROME1", "MONOCHROME2"];
/** The header's text is plain: underscores stay. */
const KNOWN = [...GRAY, ...COLOR, PALETTE];

/** How the pixels are stored; fracturelens/xray/dicom/layout.py describes each. */
export interface Layout {
  rows: number;
  columns: number;
  samples: number;
  allocated: number;
  stored: number;
  signed: boolean;
  planar: boolean;
  photometric: string;
  stated: boolean;
  frames: number;
}

/** Bytes of an uncompressed frame. */
export function frameBytes(layout: Layout): number {
  const samples = layout.photometric === "YBR_FULL_422" ? 2 : layout.samples;
  return Math.floor((layout.rows * layout.columns * samples * layout.allocated + 7) / 8);
}

/** The layout that a header states; a header that contradicts itself is refused. */
export function layoutOf(header: Header): Layout {
  const samples = header.integer("SamplesPerPixel", 1);
  const stated = header.text("PhotometricInterpretation");
  const known = KNOWN.includes(stated) ? stated : "";
  const photometric = known || (samples === 1 ? "MONOCHROME2" : "");
  const allocated = header.integer("BitsAllocated", 16);
  const layout = {
    rows: header.integer("Rows", 0),
    columns: header.integer("Columns", 0),
    samples,
    allocated,
    stored: bitsThatCount(header, allocated),
    signed: header.integer("PixelRepresentation", 0) === 1,
    planar: header.integer("PlanarConfiguration", 0) === 1,
    photometric,
    stated: photometric === stated,
    frames: header.count("NumberOfFrames"),
  };
  check(layout);
  return layout;
}

function check({ samples, photometric, allocated, stored }: Layout): void {
  if (!photometric || samples !== (COLOR.includes(photometric) ? 3 : 1)) {
    throw contradiction(`${samples} samples a pixel of a ${photometric || "strange"} picture`);
  }
  if (![1, 8, 16, 32].includes(allocated) || stored < 1 || stored > allocated) {
    throw contradiction(`${stored} bits in ${allocated}`);
  }
}

/** Bits Stored, or all below High Bit where that lies higher. */
function bitsThatCount(header: Header, allocated: number): number {
  const stored = header.integer("BitsStored", allocated);
  const high = header.integer("HighBit", stored - 1);
  return stored <= high && high < allocated ? high + 1 : stored;
}
