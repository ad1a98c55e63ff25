// Draws an X-ray with a layer: on the page at any zoom, and for pictures that are shared.

import type { Box } from "../results";
import { cssColor } from "./elements";
import type { Layer, Ring } from "./layers";

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Where the X-ray lies on a canvas: pixels of the canvas for one of the X-ray, and its corner. */
export interface Placing {
  scale: number;
  x: number;
  y: number;
}

const BLACK = "rgb(0 0 0 / 1)";
/** Dots of a dotted ring. */
const DOTS = 28;

/** Draws an X-ray of `width` pixels and what a layer marks; `stroke` in pixels of the canvas. */
export function drawFilm(
  context: Context,
  picture: ImageBitmap,
  width: number,
  layer: Layer,
  at: Placing,
  stroke: number,
): void {
  const height = (picture.height * width) / picture.width;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, at.x, at.y, width * at.scale, height * at.scale);
  for (const { box, canvas } of layer.tints) {
    const placed = place(box, at);
    context.drawImage(canvas, placed.x, placed.y, placed.width, placed.height);
  }
  for (const ring of layer.rings) drawRing(context, ring, at, stroke, layer.dotted);
  for (const ring of layer.rings) drawBadge(context, ring, at, stroke);
}

function place(box: Box, { scale, x, y }: Placing): Box {
  return {
    x: x + box.x * scale,
    y: y + box.y * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

interface Ellipse {
  x: number;
  y: number;
  across: number;
  down: number;
}

/** The ellipse around a box, some way from its corners. */
function around(box: Box, at: Placing, stroke: number): Ellipse {
  const { x, y, width, height } = place(box, at);
  const margin = 4 * stroke;
  return {
    x: x + width / 2,
    y: y + height / 2,
    across: width / Math.SQRT2 + margin,
    down: height / Math.SQRT2 + margin,
  };
}

function drawRing(
  context: Context,
  ring: Ring,
  at: Placing,
  stroke: number,
  dotted: boolean,
): void {
  const { x, y, across, down } = around(ring.box, at, stroke);
  const length =
    Math.PI * (3 * (across + down) - Math.sqrt((3 * across + down) * (across + 3 * down)));
  for (const [ink, width] of [
    [BLACK, stroke + 2],
    [cssColor(ring.color), stroke],
  ] as const) {
    context.beginPath();
    context.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
    context.setLineDash(dotted ? [0, length / DOTS] : []);
    context.lineCap = "round";
    context.lineWidth = dotted ? 1.6 * width : width;
    context.strokeStyle = ink;
    context.stroke();
  }
  context.setLineDash([]);
}

/** The number of a place on a disc beside its ring: on bone or on the line it would be lost. */
function drawBadge(context: Context, ring: Ring, at: Placing, stroke: number): void {
  const { x, y, across, down } = around(ring.box, at, stroke);
  const radius = 5.5 * stroke;
  const { width, height } = context.canvas;
  const within = (value: number, most: number) =>
    Math.min(Math.max(value, radius + 1), most - radius - 1);
  const column = within(x + (across + radius) * Math.SQRT1_2, width);
  const row = within(y - (down + radius) * Math.SQRT1_2, height);
  for (const [ink, size] of [
    [BLACK, radius + 1],
    [cssColor(ring.color), radius],
  ] as const) {
    context.beginPath();
    context.arc(column, row, size, 0, 2 * Math.PI);
    context.fillStyle = ink;
    context.fill();
  }
  context.fillStyle = BLACK;
  context.font = `600 ${7 * stroke}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(ring.number), column, row);
}
