// What kind of file it is, told from its first bytes and never from its name.

const SIGNATURES: [string, number[]][] = [
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
  ["tiff", [0x49, 0x49, 0x2a, 0x00]],
  ["tiff", [0x4d, 0x4d, 0x00, 0x2a]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["gzip", [0x1f, 0x8b]],
  ["jpeg2000", [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20]],
  ["bmp", [0x42, 0x4d]],
];

/** For people: a noun with its article. */
const WORDS: Record<string, string> = {
  gif: "a GIF",
  tiff: "a TIFF, which browsers cannot read",
  pdf: "a PDF",
  zip: "a ZIP",
  gzip: "a gzip",
  jpeg2000: "a JPEG 2000 picture, which browsers cannot read",
};

/** "png", "jpeg", "webp", "bmp", "avif", "heic", "dicom", another key of `WORDS`, or "". */
export function kindOf(data: Uint8Array): string {
  if (isDicom(data)) return "dicom";
  for (const [kind, signature] of SIGNATURES) {
    if (signature.every((byte, i) => data[i] === byte)) return kind;
  }
  if (ascii(data, 0, 4) === "RIFF" && ascii(data, 8, 4) === "WEBP") return "webp";
  if (ascii(data, 4, 4) !== "ftyp") return "";
  return ascii(data, 8, 4).startsWith("avi") ? "avif" : "heic";
}

/** What a file is that we do not read. */
export function foreignWords(kind: string): string {
  return WORDS[kind] ?? "no picture that we know";
}

/** Bytes as text, one letter each. */
export function ascii(data: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...data.subarray(start, start + length));
}

/** By its prefix, or by how the first element of a data set without one looks. */
function isDicom(data: Uint8Array): boolean {
  if (ascii(data, 128, 4) === "DICM") return true;
  const group = data[0] | (data[1] << 8);
  return (group === 2 || group === 8) && /^(UL|CS|UI|SH|OB|DA|LO|PN)$/.test(ascii(data, 4, 2));
}
