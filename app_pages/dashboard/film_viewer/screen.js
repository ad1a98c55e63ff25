// What the viewer shows: its toolbar, captions and canvases.

Object.assign(Viewer.prototype, {
  /** Brings toolbar, captions and panels up to date. */
  fill() {
    const { data, state } = this, compared = this.layout !== "one";
    const options = data.panes.map((pane) => [pane.key, pane.title]);
    this.setButtons(".tabs", data.panes.length > 1 ? options : [], "pick");
    this.setButtons(".places", data.places.map((one) => [one.number, one.number, `Show mark ${one.number}, ${one.words}`]), "show");
    this.find(".show").hidden = !data.places[0];
    this.setVerdicts();
    for (const select of this.all("select[data-pick=a], select[data-pick=b]")) {
      setOptions(select, options, state[select.dataset.pick]);
      select.hidden = options.length < 2;
    }
    this.sides[0].stage.querySelector("select[data-pick=b]").hidden = this.layout !== "swipe";
    const titles = data.windows.map((one) => [`${one.low} ${one.high}`, one.title]);
    const known = titles.some(([key]) => key === state.window.join(" "));
    setOptions(this.find("select[data-pick=window]"), known ? titles : [...titles, [state.window.join(" "), "Custom"]], state.window.join(" "));
    this.find("input[data-pick=opacity]").value = state.opacity;
    this.find(".layouts").hidden = !data.panes[1];
    this.find(".marked").hidden = !data.panes[1];
    this.sides[1].pane.hidden = this.layout !== "two";
    this.find("[data-do=clear]").hidden = !this.measures[0];
    const grip = this.find(".grip");
    grip.hidden = this.layout !== "swipe";
    grip.style.left = `${100 * state.split}%`;
    grip.setAttribute("aria-valuenow", Math.round(100 * state.split));
    this.caption(this.sides[0], this.layout === "swipe" ? ["a", "b"] : ["a"]);
    this.caption(this.sides[1], compared ? ["b"] : []);
    for (const { stage } of this.sides) {
      stage.classList.toggle("drawing", DRAWING.includes(state.tool));
      stage.classList.toggle("moving", state.tool === "move");
      stage.classList.toggle("held", !this.view.fitted || state.tool !== "move");
    }
    for (const button of this.all("button[data-do]")) this.press(button);
  },

  press(button) {
    const { do: name, with: value } = button.dataset;
    if (name === "panel") button.setAttribute("aria-expanded", !this.find(`.panel.${value}`).hidden);
    else if (name === "more") button.setAttribute("aria-expanded", this.box.classList.contains("all"));
    else {
      const on = this.isOn(name, value);
      if (on !== undefined && name !== "fit") button.setAttribute("aria-pressed", on);
    }
  },

  setButtons(place, entries, action) {
    const box = this.find(place), wanted = JSON.stringify(entries);
    if (box.dataset.filled === wanted) return;
    box.dataset.filled = wanted;
    box.replaceChildren(...entries.map(([value, text, title]) => actionButton(action, value, text, title)));
  },

  setVerdicts() {
    const box = this.find(".verdicts"), wanted = JSON.stringify(this.data.places);
    if (box.dataset.filled === wanted) return;
    box.dataset.filled = wanted;
    box.replaceChildren(...this.data.places.map(({ number, words }) => {
      const group = document.createElement("div");
      group.className = "group";
      const label = document.createElement("span");
      label.textContent = `Mark ${number}, ${words}:`;
      group.append(label, ...["right", "wrong"].map((status) =>
        actionButton("judge", `${number} ${status}`, status === "right" ? "Right" : "Wrong", `Mark ${number} is ${status}`)));
      return group;
    }));
  },

  caption({ canvas, words }, sides) {
    const panes = sides.map((side) => this.pane(side));
    canvas.setAttribute("aria-label", panes.map((pane) => pane.alt).join(" | "));
    const text = panes.map((pane) => pane.caption).join(" | ");
    const legend = panes.flatMap((pane) => pane.legend);
    const wanted = JSON.stringify([text, legend]);
    if (words.dataset.filled === wanted) return;
    words.dataset.filled = wanted;
    words.replaceChildren(text, ...legend.map((entry) => {
      const [item, swatch] = ["span", "i"].map((tag) => document.createElement(tag));
      swatch.style.background = css(entry.color);
      item.append(swatch, entry.words);
      return item;
    }));
  },

  /** As high as the screen leaves room for below what is above; 360 px at least. */
  resize() {
    const scrolled = this.host.closest?.("[data-testid=stMain]")?.scrollTop ?? 0;
    const above = this.box.getBoundingClientRect().top + scrolled;
    const room = above < 0.6 * innerHeight ? innerHeight - above - 12 : 0.8 * innerHeight;
    this.box.style.setProperty("--height", `${Math.max(360, Math.round(room))}px`);
    this.measure();
  },

  /** The panes have another size, or there is another film. */
  measure() {
    const { clientWidth, clientHeight } = this.sides[0].stage;
    this.view.resize(clientWidth, clientHeight);
    this.draw();
  },

  /** Draws at the next frame, once however often it was asked. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const { a, b, split } = { ...this.state };
      if (this.layout === "swipe") this.drawSide(this.sides[0], [["a", 0, split], ["b", split, 1]]);
      else this.drawSide(this.sides[0], [["a", 0, 1]]);
      if (this.layout === "two") this.drawSide(this.sides[1], [["b", 0, 1]]);
      this.showNumbers();
    });
  },

  drawSide({ canvas, stage }, parts) {
    const ratio = devicePixelRatio, { state } = this;
    const [width, height] = [stage.clientWidth, stage.clientHeight].map((side) => Math.max(1, Math.round(side * ratio)));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    const view = this.view.scaled(ratio);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    canvas.dataset.sharp = this.film.draw(context, view);
    applyWindow(context, state.window, state.inverted, [...view.toScreen(0, 0), ...view.toScreen(this.film.width, this.film.height)]);
    for (const [side, from, to] of parts) {
      context.save();
      context.beginPath();
      context.rect(from * width, 0, (to - from) * width, height);
      context.clip();
      this.drawMarks(context, view, this.pane(side), ratio);
      context.restore();
    }
    this.drawTools(context, view, ratio);
  },

  drawMarks(context, view, pane, unit) {
    if (!this.state.marks) return;
    drawLayers(context, view, pane.layers, this.state.opacity);
    const boxes = new Map(this.data.places.map((place) => [place.number, place.box]));
    drawRings(context, view, pane, unit, (number) => (pane.first ? this.judged(boxes.get(number))?.status : null));
  },

  drawTools(context, view, unit) {
    for (const one of this.corrections) {
      if (one.status === "missed") drawShape(context, view, { tool: one.outline ? "outline" : "box", points: one.outline, box: one.box }, unit, "missed");
    }
    for (const one of [...this.measures, ...(this.draft?.points[1] ? [this.draft] : [])]) {
      drawShape(context, view, one, unit, one.tool === "measure" ? lengthWords(one.points, this.data.spacing) : "");
    }
    if (this.cursor && DRAWING.includes(this.state.tool)) drawCross(context, view.toScreen(...this.cursor), unit);
  },

  /** The point of the film below the mouse; null beside it. */
  pointed() {
    const point = this.mouse && this.view.toFilm(...this.mouse);
    const sides = [this.film.width, this.film.height];
    return point?.every((at, axis) => at >= 0 && at < sides[axis]) ? point : null;
  },

  /** Position, gray value, zoom and window, below the pictures. */
  showNumbers() {
    const { window: [low, high], inverted } = this.state;
    const size = Math.round(100 * this.view.zoom * devicePixelRatio);
    const grays = `black ${low}, white ${high}${inverted ? ", inverted" : ""}`;
    this.find(".shown").textContent = `Zoom ${size}% · ${grays}`;
    const at = this.pointed() ?? this.cursor;
    const here = this.find(".pointer");
    if (!at) {
      here.textContent = this.state.tool === "measure" ? this.data.spacing_words : "";
      return;
    }
    const [x, y] = at.map(Math.floor);
    const length = this.draft?.tool === "measure" && this.draft.points[1] ? ` · ${lengthWords(this.draft.points, this.data.spacing)}` : "";
    here.textContent = `x ${x}, y ${y} · gray ${this.film.gray(x, y) ?? "…"}${length}`;
  },
});

function drawCross(context, [x, y], unit) {
  for (const [ink, width] of [["#000", 3], ["#fff", 1]]) {
    Object.assign(context, { strokeStyle: ink, lineWidth: width * unit });
    context.beginPath();
    context.moveTo(x - 12 * unit, y);
    context.lineTo(x + 12 * unit, y);
    context.moveTo(x, y - 12 * unit);
    context.lineTo(x, y + 12 * unit);
    context.stroke();
  }
}

function actionButton(action, value, text, title = "") {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, title });
  if (title) button.setAttribute("aria-label", title);
  Object.assign(button.dataset, { do: action, with: value });
  return button;
}

function setOptions(select, entries, chosen) {
  const wanted = JSON.stringify(entries);
  if (select.dataset.filled !== wanted) {
    select.dataset.filled = wanted;
    select.replaceChildren(...entries.map(([value, text]) => new Option(text, value)));
  }
  select.value = chosen;
}
