// From the bytes of a file to a gray picture and what the file says of it.

import type { EngineFacts } from "../networks/contract";
import { jpegSize, readByBrowser } from "./browser";
import { readDicom } from "./dicom/read";
import { EXPORT_AGAIN, SAVE_AS, UnreadableXray } from "./errors";
import { foreignWords, kindOf } from "./kind";
import { checkSize, radiographOf } from "./picture";
import { pngSize, readPng } from "./png";
import { caution, Radiograph, withCautions } from "./radiograph";

type Limits = EngineFacts["limits"];

const BY_BROWSER = ["jpeg", "webp", "bmp", "avif", "heic"];
/** Formats that phones take photos in, rather than X-ray machines films. */
const PHOTO_FORMATS = ["heic", "avif"];
const MEGABYTE = 1024 * 1024;

/** Reads one X-ray: of a file with several pictures the first, with a caution. */
export async function decodeXray(data: Uint8Array, facts: EngineFacts): Promise<Radiograph> {
  checkBytes(data, facts.limits);
  const kind = kindOf(data);
  if (kind === "dicom") return readDicom(data, facts);
  if (kind === "png") {
    checkSize(...pngSize(data), facts.limits);
    const { gray, colorfulness } = await readPng(data);
    return radiographOf(gray, colorfulness, facts.contrast);
  }
  if (!BY_BROWSER.includes(kind)) {
    throw new UnreadableXray(`the file is ${foreignWords(kind)}; ${SAVE_AS}`);
  }
  const stated = kind === "jpeg" ? jpegSize(data) : null;
  if (stated) checkSize(...stated, facts.limits);
  const { gray, colorfulness } = await readByBrowser(data, kind);
  checkSize(gray.width, gray.height, facts.limits);
  const radiograph = radiographOf(gray, colorfulness, facts.contrast);
  return PHOTO_FORMATS.includes(kind) ? withCautions(radiograph, caution("photo")) : radiograph;
}

function checkBytes(data: Uint8Array, limits: Limits): void {
  if (!data.length) throw new UnreadableXray(`the file is empty (0 bytes); ${EXPORT_AGAIN}`);
  if (data.length > limits.max_bytes) {
    throw new UnreadableXray(
      `the file has ${(data.length / MEGABYTE).toFixed(1)} MB and at most ` +
        `${limits.max_bytes / MEGABYTE} MB are accepted; export the X-ray smaller.`,
    );
  }
}
