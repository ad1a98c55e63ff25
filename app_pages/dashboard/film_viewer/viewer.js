// The viewer: what a person clicks, drags and types, and what is drawn for it.

const DRAWING = ["measure", "box", "outline"];
const SMALLEST = 3; // pixels of the screen: what is smaller was a click
const KEYS = {
  "+": ["zoom", 1.25], "=": ["zoom", 1.25], "-": ["zoom", 0.8], 0: ["fit"], 1: ["actual"],
  v: ["tool", "move"], w: ["tool", "window"], r: ["tool", "measure"], b: ["tool", "box"],
  o: ["tool", "outline"], p: ["preset"], i: ["invert"], m: ["marks"], "[": ["fade", -0.05],
  "]": ["fade", 0.05], n: ["next"], a: ["turn", "a"], s: ["turn", "b"], c: ["compare"],
  "?": ["panel", "help"], Backspace: ["erase"], Delete: ["erase"], Escape: ["escape"],
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PHONE = matchMedia("(max-width: 640px)");

class Viewer {
  constructor(root) {
    this.find = (query) => root.querySelector(query);
    this.all = (query) => [...root.querySelectorAll(query)];
    this.box = this.find(".viewer");
    this.host = root.host ?? root;
    this.state = { layout: null, a: null, b: null, marks: true, split: 0.5, opacity: null };
    this.sides = this.all(".pane").map((pane) => ({
      pane,
      stage: pane.querySelector(".stage"),
      canvas: pane.querySelector("canvas"),
      words: pane.querySelector("figcaption"),
    }));
    this.listening = new AbortController();
    this.resized = new ResizeObserver(() => this.measure());
    this.sides.forEach(({ stage }) => this.resized.observe(stage));
    this.listen();
  }

  close() {
    this.listening.abort();
    this.resized.disconnect();
  }

  /** What Python says now; another film resets zoom, grays, tool and drawings. */
  update(data, send) {
    const other = this.data?.film !== data.film;
    if (this.data?.opacity !== data.opacity) this.state.opacity = data.opacity;
    Object.assign(this, { data, send });
    if (other) this.open();
    this.film.update(data);
    this.choosePanes();
    this.fill();
    this.resize();
  }

  open() {
    this.film = new Film(this.data, (problem) => (problem ? this.say(problem) : this.draw()));
    this.view = new View(this.film);
    Object.assign(this.state, { tool: "move", window: [0, 255], inverted: false });
    Object.assign(this, { measures: [], cursor: null, draft: null, pointers: new Map(), shownMark: 0 });
    this.corrections = this.data.corrections.map((one) => ({ ...one }));
  }

  /** Pictures that exist: those that were chosen, else the marks of the first two networks. */
  choosePanes() {
    const { state } = this, keys = this.data.panes.map((pane) => pane.key);
    const marked = keys.includes("agreement") ? "agreement" : keys[1] ?? keys[0];
    const [first, second] = keys.includes("agreement") ? keys.slice(1) : [keys[0], marked];
    if (!keys[1]) state.layout = "one";
    else if (!state.layout || (state.alone && state.layout === "one")) {
      state.layout = PHONE.matches ? "one" : "two";
      Object.assign(state, PHONE.matches ? { a: marked, b: keys[0] } : { a: first, b: second });
    }
    state.alone = !keys[1];
    if (!keys.includes(state.a)) state.a = first;
    if (!keys.includes(state.b)) state.b = second;
  }

  pane(side) {
    return this.data.panes.find((pane) => pane.key === this.state[side]);
  }

  get layout() {
    return PHONE.matches && this.state.layout === "two" ? "one" : this.state.layout;
  }

  actions = {
    layout: (name) => (this.state.layout = name),
    compare: () => {
      const names = PHONE.matches ? ["one", "swipe"] : ["one", "two", "swipe"];
      if (this.data.panes[1]) this.state.layout = names[(names.indexOf(this.layout) + 1) % names.length];
    },
    pick: (key) => (this.state.a = key),
    turn: (side, by = 1) => {
      const keys = this.data.panes.map((pane) => pane.key);
      this.state[side] = keys[(keys.indexOf(this.state[side]) + by + keys.length) % keys.length];
      this.say(this.pane(side).alt);
    },
    zoom: (factor) => this.view.zoomBy(Number(factor)),
    fit: () => this.view.fit(),
    actual: () => this.view.zoomBy(1 / devicePixelRatio / this.view.zoom),
    tool: (name) => Object.assign(this.state, { tool: name }) && (this.draft = null),
    preset: () => {
      const { windows } = this.data, [low, high] = this.state.window;
      const at = windows.findIndex((one) => one.low === low && one.high === high);
      this.actions.window(windows[(at + 1) % windows.length]);
    },
    window: ({ title, low, high }) => {
      this.state.window = [low, high];
      this.say(`${title}, grays ${low} to ${high}`);
    },
    invert: () => this.say((this.state.inverted = !this.state.inverted) ? "Inverted" : "Not inverted"),
    marks: () => this.say((this.state.marks = !this.state.marks) ? "Marks on" : "Marks off"),
    fade: (by) => {
      this.state.opacity = Math.min(1, Math.max(0, Math.round((this.state.opacity + by) * 20) / 20));
    },
    show: (number) => {
      const place = this.data.places.find((one) => one.number === Number(number));
      this.shownMark = place.number;
      this.view.show(place.box);
      this.say(`Mark ${place.number}, ${place.words}`);
    },
    next: () => {
      const { places } = this.data;
      const later = places.find((one) => one.number > this.shownMark) ?? places[0];
      if (later) this.actions.show(later.number);
    },
    panel: (name) => (this.find(`.panel.${name}`).hidden = !this.find(`.panel.${name}`).hidden),
    more: () => this.box.classList.toggle("all"),
    judge: (words) => {
      const [number, status] = words.split(" ");
      const { box } = this.data.places.find((one) => one.number === Number(number));
      const before = this.judged(box);
      this.corrections = this.corrections.filter((one) => one !== before);
      if (before?.status !== status) this.corrections.push({ status, box, number: Number(number) });
      this.tell();
    },
    clear: () => (this.measures = []),
    erase: () => {
      if (this.state.tool === "measure") this.measures.pop();
      else if (DRAWING.includes(this.state.tool)) this.actions.remove();
    },
    remove: () => {
      const at = this.corrections.findLastIndex((one) => one.status === "missed");
      if (at >= 0) this.corrections.splice(at, 1);
      this.tell();
    },
    escape: () => (this.draft ? (this.draft = null) : this.actions.tool("move")),
  };

  act(name, value) {
    this.actions[name](value);
    this.fill();
    this.draw();
  }

  /** Which of the buttons are on. */
  isOn(name, value) {
    const { state } = this;
    return {
      layout: this.layout === value, pick: state.a === value, tool: state.tool === value,
      invert: state.inverted, marks: state.marks, fit: this.view.fitted,
      judge: this.judgedWords(value),
    }[name];
  }

  judgedWords(words) {
    const [number, status] = (words ?? "").split(" ");
    const place = this.data.places.find((one) => one.number === Number(number));
    return Boolean(place) && this.judged(place.box)?.status === status;
  }

  /** What the person said of the place in this box. */
  judged(box) {
    return this.corrections.find((one) => one.status !== "missed" && `${one.box}` === `${box}`);
  }

  tell() {
    const { film } = this.data;
    this.send("corrections", { film, items: this.corrections });
  }

  say(words) {
    this.find(".said").textContent = words;
  }

  /** A stroke of a drawing tool: points of the film. */
  stroke(points) {
    const { tool } = this.draft;
    this.draft = null;
    const [width, height] = [0, 1].map((axis) => {
      const places = points.map((point) => point[axis]);
      return (Math.max(...places) - Math.min(...places)) * this.view.zoom;
    });
    if (tool === "measure" && Math.hypot(width, height) >= SMALLEST) {
      this.measures.push({ tool, points });
      this.say(lengthWords(points, this.data.spacing));
    } else if (tool !== "measure" && Math.min(width, height) >= SMALLEST) {
      const rounded = points.map((point) => point.map((at) => Math.round(at * 10) / 10));
      this.corrections.push({ status: "missed", box: boxOf(points), outline: tool === "outline" ? rounded : null });
      this.tell();
      this.say("Missed fracture drawn");
    }
    this.fill();
    this.draw();
  }

  extend(point) {
    if (this.draft.tool === "outline") this.draft.points.push(point);
    else this.draft.points[1] = point;
  }
}

const viewers = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  if (!viewers.has(parentElement)) viewers.set(parentElement, new Viewer(parentElement));
  const viewer = viewers.get(parentElement);
  const call = (viewer.calls = (viewer.calls ?? 0) + 1);
  viewer.update(data, setStateValue);
  return () => {
    if (viewer.calls !== call) return; // a later call uses it still
    viewer.close();
    viewers.delete(parentElement);
  };
}
