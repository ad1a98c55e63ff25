// Mouse, touch and keys.

const GRAYS_PER_PIXEL = 0.6;
const FLICK = 60; // pixels

Object.assign(Viewer.prototype, {
  listen() {
    const { signal } = this.listening;
    const on = (target, names, act, options = {}) =>
      names.split(" ").forEach((name) => target.addEventListener(name, act, { signal, ...options }));
    on(this.box, "click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button) this.act(button.dataset.do, button.dataset.with);
    });
    on(this.box, "input", (event) => this.picked(event.target));
    on(this.box, "keydown", (event) => this.key(event));
    on(window, "resize", () => this.resize());
    on(PHONE, "change", () => this.fill());
    for (const { stage } of this.sides) {
      on(stage, "wheel", (event) => this.wheel(event, stage), { passive: false });
      on(stage, "pointerdown", (event) => this.down(event, stage));
      on(stage, "pointermove", (event) => this.move(event, stage));
      on(stage, "pointerup pointercancel", (event) => this.up(event));
      on(stage, "pointerleave", () => this.pointAt(null));
      on(stage, "contextmenu", (event) => event.preventDefault());
      on(stage, "dblclick", ({ target }) => {
        const moving = this.state.tool === "move" && target.matches("canvas");
        if (moving) this.act(this.view.fitted ? "actual" : "fit");
      });
    }
    on(this.find(".grip"), "pointerdown pointermove", (event) => this.slide(event));
  },

  picked({ dataset, value }) {
    if (dataset.pick === "opacity") this.state.opacity = Number(value);
    else if (dataset.pick === "window") {
      const [low, high] = value.split(" ").map(Number);
      this.state.window = [low, high];
    } else if (dataset.pick) this.state[dataset.pick] = value;
    this.fill();
    this.draw();
  },

  /** Where on the pane an event is. */
  at(event, stage) {
    const { left, top } = stage.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  },

  /** Zooms; where it can't get any smaller the page scrolls on. */
  wheel(event, stage) {
    const lines = event.deltaMode ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016));
    if (factor < 1 && this.view.zoom <= this.view.lowest) return;
    event.preventDefault();
    this.view.zoomBy(factor, this.at(event, stage));
    this.fill();
    this.draw();
  },

  down(event, stage) {
    if (event.target.closest("select, .grip")) return;
    stage.setPointerCapture(event.pointerId);
    const place = this.at(event, stage);
    this.pointers.set(event.pointerId, place);
    if (this.pointers.size > 1) this.draft = null;
    else {
      const tool = event.button === 2 ? "window" : this.state.tool;
      Object.assign(this, { hand: tool, start: place, touch: event.pointerType === "touch" });
      const point = this.view.within(this.view.toFilm(...place));
      if (DRAWING.includes(tool)) this.draft = { tool, points: [point] };
    }
  },

  move(event, stage) {
    const place = this.at(event, stage), before = this.pointers.get(event.pointerId);
    this.mouse = place;
    if (!before) return this.showNumbers();
    const [dx, dy] = [place[0] - before[0], place[1] - before[1]];
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
    this.pointers.set(event.pointerId, place);
    if (others.length) this.pinch(before, place, others[0][1]);
    else if (this.draft) this.extend(this.view.within(this.view.toFilm(...place)));
    else if (this.hand === "window") this.shade(dx, dy);
    else if (this.hand === "move") this.view.pan(dx, dy);
    this.fill();
    this.draw();
  },

  pinch(before, now, other) {
    const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
    const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    this.view.zoomBy(apart(now) / Math.max(1, apart(before)), middle);
    this.view.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  },

  up(event) {
    const place = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!place || this.pointers.size) return;
    if (event.type === "pointercancel") this.draft = null;
    if (this.draft?.points[1]) this.stroke(this.draft.points);
    else {
      this.draft = null;
      const [dx, dy] = [place[0] - this.start[0], place[1] - this.start[1]];
      const flick = this.touch && this.hand === "move" && this.view.fitted && this.layout !== "swipe";
      if (flick && Math.abs(dx) > Math.max(FLICK, 2 * Math.abs(dy))) this.actions.turn("a", dx < 0 ? 1 : -1);
    }
    this.fill();
    this.draw();
  },

  /** Where on the pane the mouse is; null where it is on none. */
  pointAt(place) {
    this.mouse = place;
    this.showNumbers();
  },

  /** Contrast with the width of the range of grays, brightness with its middle. */
  shade(dx, dy) {
    const [low, high] = this.state.window;
    const [middle, width] = [(low + high) / 2 + dy * GRAYS_PER_PIXEL, high - low + dx * GRAYS_PER_PIXEL];
    const half = Math.min(255, Math.max(1, width)) / 2;
    const kept = Math.min(255, Math.max(0, middle));
    this.state.window = [Math.round(kept - half), Math.max(Math.round(kept - half) + 1, Math.round(kept + half))];
  },

  slide(event) {
    const { stage } = this.sides[0];
    if (event.type === "pointerdown") event.target.setPointerCapture(event.pointerId);
    else if (!event.target.hasPointerCapture(event.pointerId)) return;
    this.split(this.at(event, stage)[0] / stage.clientWidth);
  },

  split(share) {
    this.state.split = Math.min(1, Math.max(0, share));
    this.fill();
    this.draw();
  },

  key(event) {
    const target = event.target.closest("select, input, .grip, .stage, button");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target?.matches("select, input")) return event.stopPropagation();
    const arrow = ARROWS[event.key], far = event.shiftKey ? 10 : 1;
    if (arrow && target?.matches(".grip")) this.split(this.state.split + (arrow[0] || -arrow[1]) * 0.02 * far);
    else if (arrow && target?.matches(".stage")) this.arrow(arrow, far);
    else if (event.key === "Enter" && target?.matches(".stage")) this.mark();
    else {
      const action = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
      if (!action) return;
      this.act(...action);
    }
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
  },

  arrow([dx, dy], far) {
    if (this.state.tool === "window") this.shade(4 * dx * far, 4 * dy * far);
    else if (this.state.tool === "move") this.view.pan(-30 * dx * far, -30 * dy * far);
    else {
      const step = far > 1 ? 10 : 1;
      const [x, y] = this.cursor ?? [this.view.x, this.view.y].map((at) => Math.floor(at) + 0.5);
      this.cursor = this.view.within([x + dx * step, y + dy * step]);
      this.mouse = null;
      if (this.draft) this.extend(this.cursor);
      this.showNumbers();
      this.say(this.find(".pointer").textContent);
    }
    this.fill();
    this.draw();
  },

  /** Starts or ends a stroke at the cross. */
  mark() {
    const { tool } = this.state;
    if (!DRAWING.includes(tool)) return;
    this.cursor ??= [this.view.x, this.view.y].map((at) => Math.floor(at) + 0.5);
    if (this.draft?.points[1]) this.stroke(this.draft.points);
    else this.draft = { tool, points: [this.cursor] };
    this.draw();
  },
});
