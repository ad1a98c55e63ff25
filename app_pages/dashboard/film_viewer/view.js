// Which part of the film is seen, how large: one view for both panes, in CSS pixels.

const LARGEST = 32;

class View {
  constructor(film) {
    Object.assign(this, { film, size: [1, 1], zoom: 1, x: film.width / 2, y: film.height / 2 });
    this.fitted = true;
  }

  get fitZoom() {
    return Math.min(this.size[0] / this.film.width, this.size[1] / this.film.height);
  }

  /** Where zooming out ends: the whole film, or its own size where that is smaller. */
  get lowest() {
    return Math.min(this.fitZoom, 1 / devicePixelRatio);
  }

  /** A pane has this many pixels now. */
  resize(width, height) {
    this.size = [Math.max(1, width), Math.max(1, height)];
    if (this.fitted) this.fit();
    else this.settle();
  }

  fit() {
    Object.assign(this, { zoom: this.fitZoom, x: this.film.width / 2, y: this.film.height / 2 });
    this.fitted = true;
  }

  /** Enlarges by a factor; what lies under the point (of the pane) stays there. */
  zoomBy(factor, at = [this.size[0] / 2, this.size[1] / 2]) {
    const [x, y] = this.toFilm(...at);
    const zoom = Math.min(LARGEST, Math.max(this.lowest, this.zoom * factor));
    this.fitted = Math.abs(zoom / this.fitZoom - 1) < 0.001;
    this.zoom = zoom;
    this.x = x - (at[0] - this.size[0] / 2) / zoom;
    this.y = y - (at[1] - this.size[1] / 2) / zoom;
    this.settle();
  }

  /** Moves the film with the hand, by pixels of the pane. */
  pan(dx, dy) {
    this.x -= dx / this.zoom;
    this.y -= dy / this.zoom;
    this.settle();
  }

  /** A box of the film and its surroundings, a third of the film or more. */
  show([x, y, width, height]) {
    const { film } = this;
    const share = Math.min(1, Math.max(1 / 3, (1.6 * width) / film.width, (1.6 * height) / film.height));
    Object.assign(this, { x: x + width / 2, y: y + height / 2, fitted: false });
    this.zoom = Math.min(LARGEST, this.fitZoom / share);
    this.settle();
  }

  /** Keeps the film in view: centered where there is room, else without a gap. */
  settle() {
    for (const [axis, side, place] of [["x", this.film.width, 0], ["y", this.film.height, 1]]) {
      const half = this.size[place] / 2 / this.zoom;
      this[axis] = half * 2 >= side ? side / 2 : Math.min(side - half, Math.max(half, this[axis]));
    }
  }

  toFilm(left, top) {
    const [width, height] = this.size;
    return [this.x + (left - width / 2) / this.zoom, this.y + (top - height / 2) / this.zoom];
  }

  toScreen(x, y) {
    const [width, height] = this.size;
    return [(x - this.x) * this.zoom + width / 2, (y - this.y) * this.zoom + height / 2];
  }

  /** The same view on a canvas with `ratio` pixels for each of the page's. */
  scaled(ratio) {
    const view = Object.create(View.prototype);
    const size = this.size.map((side) => side * ratio);
    return Object.assign(view, { film: this.film, x: this.x, y: this.y, zoom: this.zoom * ratio, size });
  }

  /** The point of the film, kept within it. */
  within([x, y]) {
    return [
      Math.min(this.film.width - 0.001, Math.max(0, x)),
      Math.min(this.film.height - 0.001, Math.max(0, y)),
    ];
  }
}
