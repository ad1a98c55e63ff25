// Bounded, plain access to the elements of a DICOM header, as fracturelens/xray/dicom/header.py.

import dicomParser, { DataSet } from "dicom-parser";
import type { DicomSource } from "../radiograph";

const LONGEST_TEXT = 64;
const MOST_ITEMS = 64;
const DAYS_A_YEAR: Record<string, number> = { Y: 365.25, M: 365.25 / 12, W: 7, D: 1 };

/** Tags of the elements that are read, by keyword (PS3.6). */
const TAGS = {
  SOPClassUID: "x00080016",
  StudyDate: "x00080020",
  Modality: "x00080060",
  PresentationIntentType: "x00080068",
  PatientBirthDate: "x00100030",
  PatientAge: "x00101010",
  BodyPartExamined: "x00180015",
  SamplesPerPixel: "x00280002",
  PhotometricInterpretation: "x00280004",
  PlanarConfiguration: "x00280006",
  NumberOfFrames: "x00280008",
  Rows: "x00280010",
  Columns: "x00280011",
  BitsAllocated: "x00280100",
  BitsStored: "x00280101",
  HighBit: "x00280102",
  PixelRepresentation: "x00280103",
  PixelPaddingValue: "x00280120",
  PixelPaddingRangeLimit: "x00280121",
  PixelIntensityRelationship: "x00281040",
  PixelIntensityRelationshipSign: "x00281041",
  WindowCenter: "x00281050",
  WindowWidth: "x00281051",
  RescaleIntercept: "x00281052",
  RescaleSlope: "x00281053",
  VOILUTFunction: "x00281056",
  RedPaletteColorLookupTableDescriptor: "x00281101",
  ModalityLUTSequence: "x00283000",
  LUTDescriptor: "x00283002",
  LUTData: "x00283006",
  VOILUTSequence: "x00283010",
} as const;

export type Keyword = keyof typeof TAGS;

/** The elements of a data set, by keyword. */
export class Header {
  constructor(
    private readonly dataset: DataSet,
    readonly littleEndian: boolean,
  ) {}

  /** The value as it is stored; empty where there is none. */
  raw(keyword: Keyword): Uint8Array {
    const element = this.dataset.elements[TAGS[keyword]];
    if (!element) return new Uint8Array();
    const { dataOffset, length } = element;
    return this.dataset.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array;
  }

  has(keyword: Keyword): boolean {
    return this.raw(keyword).length > 0;
  }

  /** A text in capitals: plain letters, digits, spaces, "_" and "-", at most 64 of them. */
  text(keyword: Keyword): string {
    return plain(latin(this.raw(keyword))).toUpperCase();
  }

  /** A unique identifier: digits and dots. */
  uid(keyword: Keyword): string {
    return latin(this.raw(keyword).subarray(0, LONGEST_TEXT)).replace(/[^0-9.]/g, "");
  }

  /** A whole number, stored in binary or as text; the default where there is none. */
  integer(keyword: Keyword, otherwise: number, signed = false): number {
    const raw = this.raw(keyword);
    const written = ["DS", "IS"].includes(this.dataset.elements[TAGS[keyword]]?.vr ?? "");
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    if (raw.length === 2 && !written) {
      return signed ? view.getInt16(0, this.littleEndian) : view.getUint16(0, this.littleEndian);
    }
    if (raw.length === 4 && !written) {
      return signed ? view.getInt32(0, this.littleEndian) : view.getUint32(0, this.littleEndian);
    }
    const found = /^\s*([+-]?\d{1,9})/.exec(latin(raw));
    return found ? Number(found[1]) : otherwise;
  }

  /** A number of things: at least 1. */
  count(keyword: Keyword): number {
    const found = /^\s*\+?(\d{1,9})/.exec(latin(this.raw(keyword)));
    return Math.max(1, found ? Number(found[1]) : 1);
  }

  /** Finite decimal numbers; those that are none are left out. */
  decimals(keyword: Keyword): number[] {
    const parts = latin(this.raw(keyword).subarray(0, 1024)).split("\\");
    const numbers = parts.filter((part) => part.trim()).map(Number);
    return numbers.filter(Number.isFinite);
  }

  /** The items of a sequence. */
  items(keyword: Keyword): Header[] {
    const items = this.dataset.elements[TAGS[keyword]]?.items ?? [];
    const sets = items.slice(0, MOST_ITEMS).flatMap((item) => item.dataSet ?? []);
    return sets.map((set) => new Header(set, this.littleEndian));
  }
}

/** What is kept of a header. */
export function sourceOf(header: Header): DicomSource {
  return {
    modality: header.text("Modality"),
    bodyPart: header.text("BodyPartExamined"),
    ageYears: ageOf(header),
  };
}

/** Words of 16 bits in the byte order of a file. */
export function wordsOf(raw: Uint8Array, littleEndian: boolean): Uint16Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const words = new Uint16Array(raw.length >> 1);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint16(2 * i, littleEndian);
  return words;
}

export { dicomParser };

function plain(text: string): string {
  const kept = text.slice(0, 4 * LONGEST_TEXT).replace(/[^A-Za-z0-9 _-]/g, " ");
  return kept.split(/\s+/).filter(Boolean).join(" ").slice(0, LONGEST_TEXT).trimEnd();
}

function latin(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes.subarray(0, 4096)) text += String.fromCharCode(byte);
  return text;
}

/** Years: an age such as 045Y or 006M (PS3.5 6.2, AS), else from the two dates. */
function ageOf(header: Header): number | null {
  const stated = /^(\d{1,3})([YMWD])$/.exec(header.text("PatientAge"));
  if (stated) return (Number(stated[1]) * DAYS_A_YEAR[stated[2]]) / DAYS_A_YEAR.Y;
  const [born, seen] = [
    yearsOf(header.text("PatientBirthDate")),
    yearsOf(header.text("StudyDate")),
  ];
  if (born === null || seen === null || seen < born || seen - born > 130) return null;
  return seen - born;
}

function yearsOf(date: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  if (!parts) return null;
  return Number(parts[1]) + (Number(parts[2]) - 1) / 12 + (Number(parts[3]) - 1) / 365.25;
}
