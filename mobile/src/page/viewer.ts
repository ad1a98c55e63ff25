// The canvas on which a film is looked at: zoom by pinch, wheel, buttons or keys.

import type { Box } from "../results";
import { drawFilm, Placing } from "./draw";
import { element } from "./elements";
import type { Layer } from "./layers";

/** The closest look, pixels of the screen for one of the whole film's fit. */
const MOST_ZOOM = 12;
const STEP = 1.5;
const PAN = 60;
/** Width of a line, in pixels of the page. */
const STROKE = 2;

interface Point {
  x: number;
  y: number;
}

export class Viewer {
  readonly canvas = element("canvas", { tabindex: 0, role: "img" });
  private zoom = 1;
  private center: Point;
  private readonly pointers = new Map<number, Point>();
  private frame = 0;
  private readonly watcher = new ResizeObserver(() => this.redraw());

  constructor(
    private readonly picture: ImageBitmap,
    private readonly width: number,
    private readonly height: number,
    private layer: Layer,
  ) {
    this.center = { x: width / 2, y: height / 2 };
    this.listen();
    this.watcher.observe(this.canvas);
  }

  show(layer: Layer, words: string): void {
    this.layer = layer;
    this.canvas.setAttribute("aria-label", words);
    this.redraw();
  }

  /** Brings a box of the X-ray close. */
  goTo(box: Box): void {
    this.center = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const share = Math.max(box.width / this.width, box.height / this.height, 0.08);
    this.zoomTo(0.4 / share);
  }

  zoomBy(factor: number, around?: Point): void {
    const before = around && this.filmPoint(around);
    this.zoomTo(this.zoom * factor);
    if (!around || !before) return;
    const after = this.filmPoint(around);
    this.moveBy(before.x - after.x, before.y - after.y);
  }

  whole(): void {
    this.center = { x: this.width / 2, y: this.height / 2 };
    this.zoomTo(1);
  }

  /** Frees the picture; the viewer is of no use afterwards. */
  close(): void {
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
    this.picture.close();
    this.canvas.width = this.canvas.height = 0;
  }

  private zoomTo(zoom: number): void {
    this.zoom = Math.min(Math.max(zoom, 1), MOST_ZOOM);
    this.canvas.classList.toggle("zoomed", this.zoom > 1);
    this.moveBy(0, 0);
  }

  /** Moves by pixels of the X-ray; what is shown stays within it. */
  private moveBy(x: number, y: number): void {
    const { scale } = this.placing();
    const keep = (value: number, length: number, seen: number) => {
      const half = Math.min(seen / scale / 2, length / 2);
      return Math.min(Math.max(value, half), length - half);
    };
    this.center = {
      x: keep(this.center.x + x, this.width, this.canvas.clientWidth),
      y: keep(this.center.y + y, this.height, this.canvas.clientHeight),
    };
    this.redraw();
  }

  /** In pixels of the page. */
  private placing(): Placing {
    const { clientWidth, clientHeight } = this.canvas;
    const fit = Math.min(clientWidth / this.width, clientHeight / this.height) || 1;
    const scale = fit * this.zoom;
    return {
      scale,
      x: clientWidth / 2 - this.center.x * scale,
      y: clientHeight / 2 - this.center.y * scale,
    };
  }

  private filmPoint({ x, y }: Point): Point {
    const at = this.placing();
    return { x: (x - at.x) / at.scale, y: (y - at.y) / at.scale };
  }

  private redraw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { canvas } = this;
    const dots = window.devicePixelRatio || 1;
    const [width, height] = [
      Math.round(canvas.clientWidth * dots),
      Math.round(canvas.clientHeight * dots),
    ];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, height);
    const { scale, x, y } = this.placing();
    const at = { scale: scale * dots, x: x * dots, y: y * dots };
    drawFilm(context, this.picture, this.width, this.layer, at, STROKE * dots);
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, this.pagePoint(event));
    });
    canvas.addEventListener("pointermove", (event) => this.pointerMoved(event));
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
    canvas.addEventListener("dblclick", (event) => {
      if (this.zoom > 1) this.whole();
      else this.zoomBy(3, this.pagePoint(event));
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && this.zoom === 1) return;
        event.preventDefault();
        this.zoomBy(Math.exp(-event.deltaY / 300), this.pagePoint(event));
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => this.keyPressed(event));
  }

  private pagePoint(event: MouseEvent): Point {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** One pointer moves the film, two pinch it. */
  private pointerMoved(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.pagePoint(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (other) {
      const distance = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      this.zoomBy(distance(now) / distance(before), middle);
    }
    if (this.zoom === 1) return;
    const { scale } = this.placing();
    const share = other ? 2 : 1;
    this.moveBy((before.x - now.x) / scale / share, (before.y - now.y) / scale / share);
  }

  private keyPressed(event: KeyboardEvent): void {
    const pan = PAN / this.placing().scale;
    const actions: Record<string, () => void> = {
      "+": () => this.zoomBy(STEP),
      "=": () => this.zoomBy(STEP),
      "-": () => this.zoomBy(1 / STEP),
      "0": () => this.whole(),
      ArrowLeft: () => this.moveBy(-pan, 0),
      ArrowRight: () => this.moveBy(pan, 0),
      ArrowUp: () => this.moveBy(0, -pan),
      ArrowDown: () => this.moveBy(0, pan),
    };
    const action = actions[event.key];
    if (!action || (event.key.startsWith("Arrow") && this.zoom === 1)) return;
    event.preventDefault();
    action();
  }
}
