// The open film: verdict, picture with layers, findings, sharing.

import { placesOf } from "../findings/numbering";
import type { EngineFacts } from "../networks/contract";
import type { Finding, Prediction } from "../results";
import { byId, cssColor, element, percent } from "./elements";
import type { Film } from "./films";
import { Layer, layersOf } from "./layers";
import { shareOf } from "./records";
import { sharePicture, shareRecord } from "./share";
import { verdictCard } from "./verdict";
import { Viewer } from "./viewer";

/** What the open film can ask the page for. */
export interface FilmActions {
  /** Judge a film that was refused. */
  anyway: () => void;
  /** Run the segmenters on a film that the gate cleared. */
  segment: () => void;
}

let viewer: Viewer | null = null;

/** Shows a film; `picture` is null where there is none to show. */
export function showFilm(
  film: Film,
  picture: ImageBitmap | null,
  facts: EngineFacts,
  actions: FilmActions,
): void {
  closeFilm();
  const area = byId("film");
  area.hidden = false;
  area.replaceChildren(verdictCard(film, facts, actions.anyway));
  const found = film.examination;
  if (!picture || !found) return;
  const empty: Prediction = {
    gateProbability: 0,
    verdict: "no_fracture",
    segmentations: [],
    painted: false,
  };
  const layers = layersOf(found.prediction ?? empty, facts);
  const shown = new Viewer(picture, found.width, found.height, layers[0]);
  viewer = shown;
  let current = layers[0];
  const choose = (layer: Layer) => {
    current = layer;
    shown.show(layer, pictureWords(film, layer));
  };
  area.append(viewArea(shown, layers, choose));
  if (found.prediction) {
    area.append(...findingsArea(found.prediction, film, facts, shown, actions));
    area.append(shareArea(film, facts, () => sharePicture(film, picture, current, facts)));
  }
  choose(layers[0]);
}

/** Closes the film and frees its picture. */
export function closeFilm(): void {
  viewer?.close();
  viewer = null;
  byId("film").hidden = true;
}

function pictureWords(film: Film, { title, rings }: Layer): string {
  const marks = rings.length === 1 ? "1 mark" : `${rings.length} marks`;
  return `X-ray ${film.name}. ${title}: ${marks}. Plus and minus zoom, arrows move, 0 shows all.`;
}

function viewArea(shown: Viewer, layers: Layer[], choose: (layer: Layer) => void): HTMLElement {
  const buttons = layers.map((layer) => {
    const button = element(
      "button",
      { type: "button", "aria-pressed": String(layer === layers[0]) },
      layer.title,
    );
    if (layer.color) button.prepend(swatch(layer.color));
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      choose(layer);
    });
    return button;
  });
  const zoom = (label: string, sign: string, act: () => void) =>
    element("button", { type: "button", "aria-label": label, onclick: act }, sign);
  return element(
    "section",
    { class: "viewer", "aria-label": "Picture" },
    element("div", { class: "views", role: "group", "aria-label": "Marks" }, ...buttons),
    shown.canvas,
    element(
      "div",
      { class: "views", role: "group", "aria-label": "Zoom" },
      zoom("Zoom out", "−", () => shown.zoomBy(1 / 1.5)),
      zoom("Fit", "Fit", () => shown.whole()),
      zoom("Zoom in", "+", () => shown.zoomBy(1.5)),
    ),
  );
}

function swatch(color: readonly number[]): HTMLElement {
  const made = element("span", { class: "swatch", "aria-hidden": "true" });
  made.style.background = cssColor(color);
  return made;
}

function findingsArea(
  prediction: Prediction,
  film: Film,
  facts: EngineFacts,
  shown: Viewer,
  actions: FilmActions,
): HTMLElement[] {
  const findings = prediction.segmentations.flatMap((segmentation) => segmentation.findings);
  if (!prediction.segmentations.length) {
    const words = element(
      "p",
      { class: "soft" },
      "The gate cleared this X-ray, so that nothing was marked.",
    );
    const button = element(
      "button",
      { type: "button", onclick: actions.segment },
      "Show marks anyway",
    );
    return [element("div", { class: "viewer" }, words, button)];
  }
  if (!findings.length) return [element("p", {}, "No network marks a place.")];
  const hints = prediction.painted ? "Marked places" : "Hints: hardly any of them is right";
  const items = placesOf(findings).map(({ number, box }) => {
    const found = findings.filter((finding) => finding.number === number);
    const go = () => shown.goTo(box);
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", onclick: go },
        element("b", {}, String(number)),
        findingWords(found, prediction, film, facts),
      ),
    );
  });
  return [
    element(
      "section",
      { class: "viewer" },
      element("h3", {}, hints),
      element("ul", { class: "findings" }, ...items),
    ),
  ];
}

function findingWords(
  found: Finding[],
  prediction: Prediction,
  film: Film,
  facts: EngineFacts,
): HTMLElement {
  const titles = found[0].networks.map(
    (name) => facts.networks.find((n) => n.name === name)?.title ?? name,
  );
  const area = Math.max(...found.map((finding) => finding.areaPercent));
  const mean = found.reduce((sum, { mean }) => sum + mean, 0) / found.length;
  const share = film.examination?.refusal ? null : shareOf(found[0], prediction.verdict, facts);
  const split = share?.split === "val" ? "validation" : "test";
  const right =
    share && `${share.true} of ${share.regions} such marks on ${split} X-rays were right.`;
  return element(
    "span",
    {},
    element("strong", {}, `Marked by ${titles.join(" and ")}`),
    `${area.toFixed(2)} % of the picture, mean probability ${percent(mean)}`,
    right && element("small", {}, right),
  );
}

function shareArea(film: Film, facts: EngineFacts, picture: () => Promise<void>): HTMLElement {
  return element(
    "div",
    { class: "buttons" },
    element("button", { type: "button", onclick: () => void picture() }, "Share picture"),
    element(
      "button",
      { type: "button", onclick: () => void shareRecord(film, facts) },
      "Share result (JSON)",
    ),
  );
}
