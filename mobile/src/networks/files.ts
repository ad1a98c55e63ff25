// Fetches the files of networks and runtime: kept in the phone's cache, unpacked, checked.

import { inflated } from "../xray/inflate";
import { DATA_CACHE } from "./cache";

/** A file of the folder is missing or is not what engine.json describes. */
export class BrokenFile extends Error {}

/** The bytes of a packed (gzip) file; from the phone where it is kept there. */
export async function unpacked(path: string, sha256 = ""): Promise<Uint8Array> {
  const plain = await inflated([await packed(path)], "gzip").catch((error: unknown) => {
    throw error instanceof BrokenFile ? error : new BrokenFile(brokenWords(path));
  });
  if (sha256 && (await digestOf(plain)) !== sha256) {
    await forget(path);
    throw new BrokenFile(brokenWords(path));
  }
  return plain;
}

/** Keeps a script on the phone that something else is going to load. */
export async function keep(path: string): Promise<void> {
  await packed(path);
}

async function packed(path: string): Promise<Uint8Array> {
  const cache = await dataCache();
  const kept = await cache?.match(path);
  const response = kept ?? (await fetched(path));
  if (cache && !kept) await cache.put(path, response.clone()).catch(() => undefined);
  return new Uint8Array(await response.arrayBuffer());
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path).catch(() => null);
  if (response?.ok) return response;
  throw new BrokenFile(
    `${path} cannot be loaded. Connect to the internet, then open the app again.`,
  );
}

/** Null where the page is not secure and may keep nothing, or has all files at hand. */
async function dataCache(): Promise<Cache | null> {
  const packaged = new URLSearchParams(self.location.search).has("packaged");
  if (packaged || !("caches" in self)) return null;
  return caches.open(DATA_CACHE).catch(() => null);
}

async function forget(path: string): Promise<void> {
  await (await dataCache())?.delete(path);
}

/** SHA-256, hexadecimal. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  if (!self.crypto.subtle) return Promise.reject(new BrokenFile(INSECURE));
  const digest = await self.crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const INSECURE =
  "This address is not secure, so that the networks cannot be checked. Open the app by https, or " +
  "on the machine that serves it.";

function brokenWords(path: string): string {
  return `${path} is damaged or is not the file that its card describes. Load the app again.`;
}
