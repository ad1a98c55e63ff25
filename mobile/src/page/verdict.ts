// The card with the verdict, as the dashboard words it.

import type { EngineFacts } from "../networks/contract";
import type { Prediction } from "../results";
import { cautionsOf, cautionWords } from "./cautions";
import { element, percent } from "./elements";
import type { Film } from "./films";

const SVG = "http://www.w3.org/2000/svg";
const MISSED = "There may still be a fracture that the gate cannot see.";

/** The card of a film that was examined; `anyway` has a refused one judged. */
export function verdictCard(film: Film, facts: EngineFacts, anyway: () => void): HTMLElement {
  const found = film.examination;
  if (!found) return card("", film, "Examining", element("p", {}, "This takes a few seconds."));
  if (found.error)
    return card("", film, "Unreadable", element("p", {}, `${film.name}: ${found.error}`));
  const { refusal, prediction } = found;
  if (!prediction) {
    const button = element("button", { type: "button", onclick: anyway }, "Analyze anyway");
    const reason = element("p", {}, `${refusal?.reason} ${refusal?.remedy}`);
    return card("", film, "Refused", reason, element("div", { class: "buttons" }, button));
  }
  const despite =
    refusal &&
    element(
      "p",
      { class: "notice" },
      element("strong", {}, "Analyzed although it was refused. "),
      `${refusal.reason} The networks were never measured on such pictures.`,
    );
  return card(
    prediction.verdict,
    film,
    facts.verdicts[prediction.verdict],
    despite,
    element("p", {}, meaning(prediction, facts)),
    cautionList(film, facts),
    element(
      "p",
      { class: "number" },
      percent(prediction.gateProbability),
      " ",
      element("small", {}, "gate's probability of a fracture"),
    ),
    scale(prediction.gateProbability, facts),
  );
}

function card(
  verdict: string,
  film: Film,
  headline: string,
  ...body: (Node | null | false)[]
): HTMLElement {
  const { width, height } = film.examination ?? { width: 0, height: 0 };
  const size = width ? ` · ${width} x ${height} px` : "";
  return element(
    "section",
    { class: `verdict ${verdict}`, "aria-label": "Verdict" },
    element("p", { class: "file" }, film.name + size),
    element("h2", { class: "headline" }, headline),
    ...body,
  );
}

function meaning({ verdict }: Prediction, { thresholds }: EngineFacts): string {
  const { doubtful, fracture } = thresholds;
  if (verdict === "fracture") return `At or above the fracture threshold of ${percent(fracture)}.`;
  if (verdict === "no_fracture") return `Below ${percent(doubtful)}. ${MISSED}`;
  return (
    `Between the doubtful threshold of ${percent(doubtful)} and the fracture threshold of ` +
    `${percent(fracture)}: have it reviewed.`
  );
}

function cautionList(film: Film, facts: EngineFacts): HTMLElement | null {
  const told = cautionsOf(film).map((caution) => cautionWords(caution, facts));
  if (!told.length) return null;
  return element("ul", { class: "cautions" }, ...told.map((words) => element("li", {}, words)));
}

/** A bar from 0 to 100 % with the thresholds as ticks and the probability as a marker. */
function scale(probability: number, { thresholds }: EngineFacts): HTMLElement {
  const { doubtful, fracture } = thresholds;
  const label =
    `Scale from 0 to 100 percent: probability ${percent(probability)}, doubtful from ` +
    `${percent(doubtful)}, fracture from ${percent(fracture)}`;
  const drawing = document.createElementNS(SVG, "svg");
  const zone = (from: number, to: number, color: string) =>
    shape("rect", {
      x: `${100 * from}%`,
      y: "0.2rem",
      width: `${100 * (to - from)}%`,
      height: "0.8rem",
      fill: `var(--${color})`,
      opacity: "0.45",
    });
  const tick = (at: number) =>
    shape("rect", { x: `${100 * at}%`, y: "0", width: "2", height: "1.2rem", fill: "var(--soft)" });
  drawing.append(
    zone(doubtful, fracture, "doubtful"),
    zone(fracture, 1, "fracture"),
    tick(doubtful),
    tick(fracture),
    shape("circle", {
      cx: `${100 * probability}%`,
      cy: "0.6rem",
      r: "0.55rem",
      fill: "var(--ink)",
      stroke: "var(--ground)",
      "stroke-width": "3",
    }),
  );
  const ends = element(
    "div",
    { class: "ends" },
    element("small", {}, "0 %"),
    element("small", {}, "100 %"),
  );
  return element(
    "div",
    {},
    element("div", { class: "scale", role: "img", "aria-label": label }, drawing),
    ends,
  );
}

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
