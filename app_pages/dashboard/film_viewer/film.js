// The film: loads the tiles that are in view, draws them, reads gray values off them.

const RETRY_MS = 700;
const RETRIES = 8;

class Film {
  /** @param data of Python; `changed` is called when a tile has come. */
  constructor(data, changed) {
    Object.assign(this, { data, changed, tiles: new Map(), width: data.width, height: data.height });
  }

  /** Addresses may change from run to run; what was loaded stays. */
  update(data) {
    this.data = data;
  }

  /** The smallest level with a pixel for each pixel of the screen; `zoom` is screen by film. */
  wanted(zoom) {
    const levels = this.data.levels;
    let best = 0;
    while (best + 1 < levels.length && levels[best + 1].width >= zoom * this.width) best += 1;
    return best;
  }

  /** A tile's bitmap, or null while it is on its way. */
  tile(level, index) {
    const key = `${level}/${index}`;
    if (!this.tiles.has(key)) {
      this.tiles.set(key, null);
      this.load(key, level, index, RETRIES);
    }
    return this.tiles.get(key);
  }

  async load(key, level, index, tries) {
    try {
      const answer = await fetch(new URL(this.data.levels[level].urls[index], document.baseURI));
      if (!answer.ok) throw new Error(`${answer.status}`);
      const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
      this.tiles.set(key, await createImageBitmap(await answer.blob(), options));
      this.changed();
    } catch (error) {
      // While the page is drawn anew the server may not know the address for a moment.
      if (tries > 0) setTimeout(() => this.load(key, level, index, tries - 1), RETRY_MS);
      else this.changed(`A part of the film could not be loaded (${error.message}).`);
    }
  }

  /** Tiles of a level that meet a rectangle of the film: where on the film, and the bitmap. */
  *within(level, left, top, right, bottom) {
    const { width, height } = this.data.levels[level];
    const size = this.data.tile;
    const [across, down] = [this.width / width, this.height / height];
    const columns = Math.ceil(width / size);
    for (let row = 0; row * size < height; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const x = column * size * across, y = row * size * down;
        const x2 = Math.min(width, (column + 1) * size) * across;
        const y2 = Math.min(height, (row + 1) * size) * down;
        if (x2 > left && x < right && y2 > top && y < bottom)
          yield { x, y, x2, y2, bitmap: this.tile(level, row * columns + column) };
      }
    }
  }

  /** Draws what is in view; `view` maps film to canvas pixels. */
  draw(context, view) {
    const [left, top] = view.toFilm(0, 0);
    const [right, bottom] = view.toFilm(context.canvas.width, context.canvas.height);
    context.imageSmoothingEnabled = view.zoom < 4; // pixels are to be seen where they are large
    context.imageSmoothingQuality = "medium";
    const best = this.wanted(view.zoom), last = this.data.levels.length - 1;
    const sharp = [...this.within(best, left, top, right, bottom)];
    const missing = sharp.some((tile) => !tile.bitmap);
    const coarse = missing ? [...this.within(last, left, top, right, bottom)] : [];
    for (const { x, y, x2, y2, bitmap } of [...coarse, ...sharp]) {
      if (!bitmap) continue;
      const [x1, y1] = view.toScreen(x, y).map(Math.round); // whole pixels: no seams
      const [xe, ye] = view.toScreen(x2, y2).map(Math.round);
      context.drawImage(bitmap, x1, y1, xe - x1, ye - y1);
    }
    return !missing;
  }

  /** Gray value of a pixel of the film as it was decoded; null while its tile is on its way. */
  gray(x, y) {
    const size = this.data.tile, columns = Math.ceil(this.width / size);
    const bitmap = this.tile(0, Math.floor(y / size) * columns + Math.floor(x / size));
    if (!bitmap) return null;
    Film.probe ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
      .getContext("2d", { willReadFrequently: true });
    Film.probe.drawImage(bitmap, -(x % size), -(y % size));
    return Film.probe.getImageData(0, 0, 1, 1).data[0];
  }
}

/** Shows grays from `low` (black) to `high` (white) within a rectangle of the canvas. */
function applyWindow(context, [low, high], inverted, [x, y, x2, y2]) {
  if (low === 0 && high === 255 && !inverted) return;
  const left = Math.max(0, Math.round(x)), top = Math.max(0, Math.round(y));
  const width = Math.min(context.canvas.width, Math.round(x2)) - left;
  const height = Math.min(context.canvas.height, Math.round(y2)) - top;
  if (width <= 0 || height <= 0) return;
  const table = Uint32Array.from({ length: 256 }, (_, gray) => {
    const shown = Math.round(Math.min(1, Math.max(0, (gray - low) / (high - low))) * 255);
    const value = inverted ? 255 - shown : shown;
    return (0xff000000 | (value << 16) | (value << 8) | value) >>> 0;
  });
  const image = context.getImageData(left, top, width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = table[pixels[at] & 255];
  context.putImageData(image, left, top);
}
