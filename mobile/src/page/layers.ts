// What can be drawn over an X-ray: the masks of networks, and where they agree.

import { placesOf } from "../findings/numbering";
import type { Color, EngineFacts } from "../networks/contract";
import type { Box, Mask, Prediction, Segmentation } from "../results";

/** A tint: a small picture that is laid over a box of the X-ray. */
export interface Tint {
  box: Box;
  canvas: OffscreenCanvas;
}

/** A ring with the number of its place. */
export interface Ring {
  number: number;
  box: Box;
  color: Color;
}

/** One way to look at a result. */
export interface Layer {
  key: string;
  title: string;
  color: Color | null;
  tints: Tint[];
  rings: Ring[];
  dotted: boolean;
}

const OPACITY = 0.45;

/** The ways to look at a result, the most telling first. */
export function layersOf(prediction: Prediction, facts: EngineFacts): Layer[] {
  const { segmentations, painted, verdict } = prediction;
  const dotted = verdict !== "fracture";
  const colorOf = (name: string) => facts.networks.find((network) => network.name === name)?.mark;
  const titleOf = (name: string) => facts.networks.find((network) => network.name === name)?.title;
  const single = segmentations.map((segmentation): Layer => {
    const color = colorOf(segmentation.network) as Color;
    return {
      key: segmentation.network,
      title: titleOf(segmentation.network) ?? segmentation.network,
      color,
      tints: painted ? tintsOf([{ mask: segmentation.mask, color }], color) : [],
      rings: segmentation.findings.map(({ number, box }) => ({ number, box, color })),
      dotted,
    };
  });
  const original = {
    key: "original",
    title: "X-ray alone",
    color: null,
    tints: [],
    rings: [],
    dotted,
  };
  if (single.length < 2) return [...single, original];
  return [agreement(segmentations, single, painted, facts), ...single, original];
}

function agreement(
  segmentations: Segmentation[],
  single: Layer[],
  painted: boolean,
  facts: EngineFacts,
): Layer {
  const masks = segmentations.map(({ mask }, i) => ({ mask, color: single[i].color as Color }));
  const places = placesOf(segmentations.flatMap(({ findings }) => findings));
  const rings = places.map(({ number, box, networks }) => {
    const one = single.find((layer) => layer.key === networks[0])?.color as Color;
    return { number, box, color: networks.length > 1 ? facts.several_mark : one };
  });
  return {
    key: "agreement",
    title: "All marks",
    color: facts.several_mark,
    tints: painted ? tintsOf(masks, facts.several_mark) : [],
    rings,
    dotted: single[0].dotted,
  };
}

/** Tints of masks together; `several` where two or more mark the same pixel. */
function tintsOf(masks: { mask: Mask; color: Color }[], several: Color): Tint[] {
  const filled = masks.filter(({ mask }) => mask.pixels.includes(1));
  if (!filled.length) return [];
  const boxes = filled.map(({ mask }) => mask.box);
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  const image = new ImageData(width, height);
  for (const { mask, color } of filled) stain(image, mask, x, y, color, several);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return [{ box: { x, y, width, height }, canvas }];
}

function stain(
  image: ImageData,
  { box, pixels }: Mask,
  x: number,
  y: number,
  color: Color,
  several: Color,
): void {
  for (let i = 0; i < pixels.length; i++) {
    if (!pixels[i]) continue;
    const row = box.y - y + Math.floor(i / box.width);
    const place = 4 * (row * image.width + box.x - x + (i % box.width));
    const ink = image.data[place + 3] ? several : color;
    image.data.set([...ink, Math.round(255 * OPACITY)], place);
  }
}
