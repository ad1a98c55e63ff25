// Shares results with another app, or saves them where the browser cannot share.

import type { EngineFacts } from "../networks/contract";
import { androidBridge } from "./android";
import { drawFilm } from "./draw";
import type { Film } from "./films";
import type { Layer } from "./layers";
import { withText } from "./png_text";
import { resultJson, stemOf } from "./records";

/** Longest side of a shared picture, pixels. */
const LONGEST = 4096;

/** Shares a picture of the film as it is shown, the disclaimer written below it. */
export async function sharePicture(
  film: Film,
  picture: ImageBitmap,
  layer: Layer,
  facts: EngineFacts,
): Promise<void> {
  const canvas = markedPicture(picture, film.examination?.width ?? picture.width, layer, facts);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const text = { Disclaimer: facts.disclaimer, Software: "FractureLens" };
  await hand(`${stemOf(film.name)}_${layer.key}.png`, "image/png", withText(bytes, text));
}

/** Shares the record of a film. */
export async function shareRecord(film: Film, facts: EngineFacts): Promise<void> {
  const bytes = new TextEncoder().encode(await resultJson(film, facts));
  await hand(`${stemOf(film.name)}.json`, "application/json", bytes);
}

/** The film at its own size with a strip below that says what this is. */
function markedPicture(
  picture: ImageBitmap,
  filmWidth: number,
  layer: Layer,
  facts: EngineFacts,
): OffscreenCanvas {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const letters = Math.max(9, Math.round(width / 48));
  const canvas = new OffscreenCanvas(width, height + 2 * letters);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw on a canvas");
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, canvas.height);
  const stroke = Math.max(2, Math.round(Math.max(width, height) / 300));
  drawFilm(context, picture, filmWidth, layer, { scale: width / filmWidth, x: 0, y: 0 }, stroke);
  context.fillStyle = "#fff";
  context.font = `${letters}px system-ui, sans-serif`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const words = `FractureLens. ${facts.disclaimer}`;
  context.fillText(words, letters / 2, height + letters, width - letters);
  return canvas;
}

async function hand(name: string, type: string, bytes: Uint8Array): Promise<void> {
  const bridge = androidBridge();
  if (bridge) return bridge.save(name, type, base64Of(bytes));
  const file = new File([bytes as BlobPart], name, { type });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file], title: name });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
