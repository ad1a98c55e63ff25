// The worker: holds the engine and answers the page, one request after the other.

import { Engine, examine, loadEngine } from "./engine";
import { measure } from "./measure";
import type { EngineFacts } from "./networks/contract";
import { BrokenFile } from "./networks/files";
import type { Answer, Loaded, Request } from "./protocol";
import { negative } from "./xray/gray";
import { letterboxOf } from "./xray/letterbox";
import { decodeXray } from "./xray/read";
import { shrinkArea } from "./xray/resize";

declare const self: DedicatedWorkerGlobalScope;

/** Longest side of a picture for the page, pixels: phones bound the size of a canvas. */
const LONGEST_SHOWN = 4096;

let engine: Engine | null = null;
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<Request>) => {
  queue = queue.then(() => answer(data));
};

async function answer(request: Request): Promise<void> {
  const { id } = request;
  try {
    const value = await handle(request);
    const moved = value instanceof ImageBitmap ? [value] : [];
    self.postMessage({ id, type: "done", value } satisfies Answer, moved);
  } catch (error) {
    if (!(error instanceof BrokenFile)) console.error(error);
    self.postMessage({ id, type: "failed", words: wordsOf(error) } satisfies Answer);
  }
}

async function handle(request: Request) {
  if (request.type === "load") return load(request.id, request.threads);
  if (!engine) throw new Error("the networks are not loaded");
  if (request.type === "measure") return measure(engine, request.rounds);
  const data = new Uint8Array(await request.file.arrayBuffer());
  if (request.type === "picture") return picture(data, engine.facts, request.inverted);
  return (await examine(data, engine, request.options)).examination;
}

async function load(id: number, threads: number): Promise<Loaded> {
  const response = await fetch("engine.json").catch(() => null);
  if (!response?.ok) throw new BrokenFile("engine.json cannot be loaded. Load the app again.");
  const facts = (await response.json()) as EngineFacts;
  engine = await loadEngine(facts, threads, (title) => {
    self.postMessage({ id, type: "progress", title } satisfies Answer);
  });
  return { facts, runtime: engine.runtime };
}

/** The X-ray as a viewer shows it, as it was judged where that is its negative. */
async function picture(
  data: Uint8Array,
  facts: EngineFacts,
  inverted: boolean,
): Promise<ImageBitmap> {
  const { shown } = await decodeXray(data, facts);
  const longest = Math.max(shown.width, shown.height);
  const box = letterboxOf(shown.width, shown.height, Math.min(longest, LONGEST_SHOWN));
  const small = longest > LONGEST_SHOWN ? shrinkArea(shown, box.width, box.height) : shown;
  const { pixels, width, height } = inverted ? negative(small) : small;
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer).forEach((_, i, rgba) => {
    rgba[i] = 0xff000000 | (pixels[i] * 0x010101);
  });
  return createImageBitmap(image);
}

function wordsOf(error: unknown): string {
  if (error instanceof BrokenFile) return error.message;
  const words = error instanceof Error ? error.message : String(error);
  return `Something went wrong: ${words}`;
}
