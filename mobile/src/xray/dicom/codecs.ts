// Decoders of compressed DICOM pixel data; the two large ones are fetched when first needed.

import { Decoder } from "jpeg-lossless-decoder-js";
import { UnreadableXray } from "../errors";
import type { Layout } from "./layout";

type Words = Uint8Array | Uint16Array;

const RLE = "1.2.840.10008.1.2.5";
const JPEG = "1.2.840.10008.1.2.4.";
export const BASELINE = JPEG + "50";
const LOSSLESS = [JPEG + "57", JPEG + "70"];
const JPEG_LS = [JPEG + "80", JPEG + "81"];
const JPEG_2000 = [JPEG + "90", JPEG + "91"];

/** What the decoders of cornerstonejs share. */
interface CodecInstance {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number };
  delete(): void;
}
type Factory = (options: {
  locateFile: (name: string) => string;
}) => Promise<Record<string, unknown>>;
interface CodecKind {
  script: string;
  factory: string;
  decoder: string;
}

const CHARLS = { script: "charlswasm_decode", factory: "CharLSWASM", decoder: "JpegLSDecoder" };
const OPENJPEG = { script: "openjpegwasm_decode", factory: "OpenJPEGWASM", decoder: "J2KDecoder" };
const loaded = new Map<string, Promise<Record<string, unknown>>>();

/** The words of one compressed gray frame, unsigned. */
export async function decompressed(
  stream: Uint8Array,
  syntax: string,
  layout: Layout,
): Promise<Words> {
  if (syntax === RLE) return runLength(stream, layout);
  if (LOSSLESS.includes(syntax)) return lossless(stream, layout);
  if (JPEG_LS.includes(syntax)) return byCodec(stream, layout, CHARLS);
  if (JPEG_2000.includes(syntax)) return byCodec(stream, layout, OPENJPEG);
  throw new UnreadableXray(
    "the DICOM file is compressed in a way that this app cannot read; " +
      "export it without compression.",
  );
}

function lossless(stream: Uint8Array, layout: Layout): Words {
  const bytes = layout.allocated / 8;
  const { buffer, byteOffset, byteLength } = stream;
  const copy = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const plain = new Decoder().decompress(copy, 0, byteLength) as ArrayBuffer;
  return bytes === 1 ? new Uint8Array(plain) : new Uint16Array(plain);
}

async function byCodec(stream: Uint8Array, layout: Layout, kind: CodecKind): Promise<Words> {
  const codec = await load(kind);
  const decoder = new (codec[kind.decoder] as new () => CodecInstance)();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const { width, height, bitsPerSample } = decoder.getFrameInfo();
    if (width !== layout.columns || height !== layout.rows) {
      throw new UnreadableXray("the DICOM header contradicts its picture; export it again.");
    }
    const bytes = decoder.getDecodedBuffer().slice();
    return bitsPerSample > 8 ? new Uint16Array(bytes.buffer) : bytes;
  } finally {
    decoder.delete();
  }
}

function load(kind: CodecKind): Promise<Record<string, unknown>> {
  const known = loaded.get(kind.script);
  if (known) return known;
  importScripts(`codecs/${kind.script}.js`);
  const factory = (self as unknown as Record<string, Factory>)[kind.factory];
  const module = factory({ locateFile: (name) => `codecs/${name}` });
  loaded.set(kind.script, module);
  return module;
}

/** RLE (PS3.5 annex G): a segment for each byte of a sample, the highest byte first. */
function runLength(stream: Uint8Array, layout: Layout): Words {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const size = layout.allocated / 8;
  const pixels = layout.rows * layout.columns;
  const words = size === 1 ? new Uint8Array(pixels) : new Uint16Array(pixels);
  for (let segment = 0; segment < size; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const shift = 8 * (size - 1 - segment);
    unpackBits(stream, start, pixels, (i, byte) => (words[i] |= byte << shift));
  }
  return words;
}

function unpackBits(
  stream: Uint8Array,
  start: number,
  pixels: number,
  put: (place: number, byte: number) => void,
): void {
  let [from, to] = [start, 0];
  while (to < pixels && from < stream.length) {
    const count = stream[from++];
    if (count === 128) continue;
    const repeats = count > 128;
    const length = Math.min(repeats ? 257 - count : count + 1, pixels - to);
    for (let i = 0; i < length; i++) put(to++, stream[repeats ? from : from + i]);
    from += repeats ? 1 : count + 1;
  }
}
