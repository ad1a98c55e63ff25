// Puts text fields into a PNG, as fracturelens/export/png.py does (PNG specification 11.3.3.2).

/** Bytes of a PNG before the first place for text: 8 of signature, 25 of the header chunk. */
const HEADER = 33;

/** The PNG with text fields, by their keywords. */
export function withText(png: Uint8Array, fields: Record<string, string>): Uint8Array {
  const chunks = Object.entries(fields).map(([keyword, text]) => chunk(`tEXt${keyword}\0${text}`));
  const parts = [png.subarray(0, HEADER), ...chunks, png.subarray(HEADER)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** A chunk: length of its body, kind and body, checksum over both. */
function chunk(kindAndBody: string): Uint8Array {
  const letters = new TextEncoder().encode(kindAndBody);
  const made = new Uint8Array(letters.length + 8);
  const view = new DataView(made.buffer);
  view.setUint32(0, letters.length - 4);
  made.set(letters, 4);
  view.setUint32(letters.length + 4, crc(letters));
  return made;
}

/** CRC-32 of ISO 3309 (PNG specification, annex D). */
function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
