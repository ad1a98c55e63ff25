// Unpacks deflated bytes with the browser's own decompressor.

/** The bytes that parts, one after the other, unpack to. */
export async function inflated(
  parts: Uint8Array[],
  format: "gzip" | "deflate" | "deflate-raw",
): Promise<Uint8Array> {
  const packed = new Blob(parts as BlobPart[]).stream();
  const plain = packed.pipeThrough(new DecompressionStream(format));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}
