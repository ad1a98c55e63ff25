// Reads the first frame of a DICOM file as a radiograph.

import type { DataSet } from "dicom-parser";
import type { EngineFacts } from "../../networks/contract";
import { readByBrowser } from "../browser";
import { grayOfColor } from "../color";
import { contradiction, damaged, UnreadableXray } from "../errors";
import { inflated } from "../inflate";
import { checkSize, radiographOf } from "../picture";
import { caution, Caution, DicomSource, Radiograph, withCautions } from "../radiograph";
import { BASELINE, decompressed } from "./codecs";
import { dicomParser, Header, sourceOf, wordsOf } from "./header";
import { frameBytes, Layout, layoutOf, PALETTE } from "./layout";
import { renderGray } from "./render";

const DEFLATED = "1.2.840.10008.1.2.1.99";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const PIXEL_DATA = "x7fe00010";
/** Years; nothing was measured on children apart. */
const ADULT = 18;

interface DicomFile {
  dataset: DataSet;
  header: Header;
  layout: Layout;
  syntax: string;
}

/** One frame of a DICOM file, as its own window shows it and as the networks get it. */
export async function readDicom(data: Uint8Array, facts: EngineFacts): Promise<Radiograph> {
  const file = await open(data);
  checkSize(file.layout.columns, file.layout.rows, facts.limits);
  const source = sourceOf(file.header);
  const radiograph = await pictureOf(file, facts, source);
  return withCautions({ ...radiograph, source }, ...headerCautions(source, file.layout));
}

async function open(data: Uint8Array): Promise<DicomFile> {
  const hasPreamble = String.fromCharCode(...data.subarray(128, 132)) === "DICM";
  const plain = hasPreamble ? await withoutDeflation(data) : data;
  let dataset: DataSet;
  try {
    const options = hasPreamble ? {} : { TransferSyntaxUID: bareSyntax(data) };
    dataset = dicomParser.parseDicom(plain, options);
  } catch {
    throw damaged("DICOM file");
  }
  const syntax = dataset.string("x00020010") ?? "";
  if (!dataset.elements[PIXEL_DATA]) {
    throw new UnreadableXray("the DICOM file holds no picture; choose the X-ray itself.");
  }
  const header = new Header(dataset, syntax !== BIG_ENDIAN);
  return { dataset, header, layout: layoutOf(header), syntax };
}

/** Data sets without preamble are in little endian; whether explicit, the first element shows. */
function bareSyntax(data: Uint8Array): string {
  const explicit = /^[A-Z]{2}$/.test(String.fromCharCode(data[4], data[5]));
  return explicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2";
}

/** The same file without compression, where its data set is deflated whole (PS3.5 A.5). */
async function withoutDeflation(data: Uint8Array): Promise<Uint8Array> {
  const [end, syntax] = metaOf(data);
  if (syntax !== DEFLATED) return data;
  const rest = await inflated([data.subarray(end)], "deflate-raw").catch(() => {
    throw damaged("DICOM file");
  });
  const uid = "1.2.840.10008.1.2.1\0";
  const meta = [2, 0, 16, 0, 85, 73, uid.length, 0, ...new TextEncoder().encode(uid)];
  const whole = new Uint8Array(132 + meta.length + rest.length);
  whole.set([68, 73, 67, 77], 128);
  whole.set(meta, 132);
  whole.set(rest, 132 + meta.length);
  return whole;
}

/** End of the File Meta Information (PS3.10 7.1) and its transfer syntax. */
function metaOf(data: Uint8Array): [number, string] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let [place, syntax] = [132, ""];
  while (place + 12 < data.length && view.getUint16(place, true) === 2) {
    const long = ["OB", "UN"].includes(String.fromCharCode(data[place + 4], data[place + 5]));
    const start = place + (long ? 12 : 8);
    const length = long ? view.getUint32(place + 8, true) : view.getUint16(place + 6, true);
    if (view.getUint16(place + 2, true) === 0x10) {
      syntax = String.fromCharCode(...data.subarray(start, start + Math.min(length, 64)));
    }
    place = start + length;
  }
  return [place, syntax.replace(/[^0-9.]/g, "")];
}

async function pictureOf(
  file: DicomFile,
  facts: EngineFacts,
  source: DicomSource,
): Promise<Radiograph> {
  const { layout, header, syntax } = file;
  const limits = facts.contrast;
  const element = file.dataset.elements[PIXEL_DATA];
  if (element.encapsulatedPixelData) {
    const stream = firstFrame(file);
    if (syntax === BASELINE || (layout.samples === 3 && stream[0] === 0xff)) {
      const { gray, colorfulness } = await readByBrowser(stream, "jpeg");
      if (gray.width !== layout.columns || gray.height !== layout.rows) {
        throw contradiction("its picture has another size");
      }
      if (layout.samples === 3) return radiographOf(gray, colorfulness, limits);
      const eight = { ...layout, allocated: 8, stored: 8, signed: false };
      const rendered = renderGray(gray.pixels, eight, header, limits);
      return { ...rendered, colorfulness: 0, source };
    }
    refuseColor(layout);
    const words = await decompressed(stream, syntax, layout).catch((error: unknown) => {
      throw error instanceof UnreadableXray ? error : damaged("DICOM file");
    });
    const wide = { ...layout, allocated: 8 * words.BYTES_PER_ELEMENT };
    return { ...renderGray(words, wide, header, limits), colorfulness: 0, source };
  }
  return native(file, facts, source);
}

function firstFrame({ dataset, layout }: DicomFile): Uint8Array {
  const element = dataset.elements[PIXEL_DATA];
  try {
    const table = element.basicOffsetTable ?? [];
    if (table.length)
      return dicomParser.readEncapsulatedImageFrame(dataset, element, 0) as Uint8Array;
    const number = layout.frames === 1 ? (element.fragments?.length ?? 1) : 1;
    return dicomParser.readEncapsulatedPixelDataFromFragments(
      dataset,
      element,
      0,
      number,
    ) as Uint8Array;
  } catch {
    throw damaged("DICOM file");
  }
}

function native(file: DicomFile, facts: EngineFacts, source: DicomSource): Radiograph {
  const { layout, header, dataset } = file;
  const { dataOffset, length } = dataset.elements[PIXEL_DATA];
  const size = frameBytes(layout);
  const value = dataset.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array;
  if (value.length < size) {
    throw new UnreadableXray(
      `this copy of the DICOM file is cut off (it holds ${value.length} of ${size} bytes of the ` +
        "picture); copy it again from where it came from.",
    );
  }
  const cautions = value.length - size * layout.frames > 1 ? [caution("excess_data")] : [];
  if (layout.samples === 3) {
    return withCautions(colored(value.subarray(0, size), layout, facts), ...cautions);
  }
  refuseColor(layout);
  const words =
    layout.allocated === 16
      ? wordsOf(value.subarray(0, size), header.littleEndian)
      : value.subarray(0, size);
  const rendered = renderGray(words, layout, header, facts.contrast);
  return withCautions({ ...rendered, colorfulness: 0, source }, ...cautions);
}

/** RGB of 8 bits, by pixel or by plane. */
function colored(value: Uint8Array, layout: Layout, facts: EngineFacts): Radiograph {
  if (layout.photometric !== "RGB" || layout.allocated !== 8) refuseKind(layout);
  const { rows, columns, planar } = layout;
  const { gray, colorfulness } = grayOfColor(columns, rows, (top, bottom) => {
    const rgba = new Uint8Array((bottom - top) * columns * 4);
    for (let i = 0; i < rgba.length / 4; i++) {
      const pixel = top * columns + i;
      for (let channel = 0; channel < 3; channel++) {
        const place = planar ? channel * rows * columns + pixel : 3 * pixel + channel;
        rgba[4 * i + channel] = value[place];
      }
    }
    return rgba;
  });
  return radiographOf(gray, colorfulness, facts.contrast);
}

function refuseColor(layout: Layout): void {
  const plain = layout.samples === 1 && layout.photometric !== PALETTE;
  if (!plain || ![8, 16].includes(layout.allocated)) refuseKind(layout);
}

function refuseKind(layout: Layout): never {
  throw new UnreadableXray(
    `the DICOM file holds a ${layout.photometric} picture of ${layout.allocated} bits, which ` +
      "this app cannot read; export it in gray.",
  );
}

function headerCautions(source: DicomSource, layout: Layout): Caution[] {
  const cautions: Caution[] = [];
  if (!layout.stated) cautions.push(caution("photometric_missing"));
  if (layout.frames > 1) cautions.push(caution("several_frames", String(layout.frames)));
  if (source.ageYears !== null && source.ageYears < ADULT) {
    cautions.push(caution("child", String(Math.trunc(source.ageYears))));
  }
  return cautions;
}
