// The list of films, each a button with its name and verdict.

import { byId, element, percent } from "./elements";
import { Film, stateWords } from "./films";

/** Draws the list anew; `open` is called with the film that is chosen. */
export function showFilms(
  films: Film[],
  current: Film | null,
  verdicts: Record<string, string>,
  open: (film: Film) => void,
): void {
  byId("films-area").hidden = !films.length;
  byId("films").replaceChildren(...films.map((film) => item(film, current, verdicts, open)));
}

function item(
  film: Film,
  current: Film | null,
  verdicts: Record<string, string>,
  open: (film: Film) => void,
): HTMLElement {
  const [verdict, words] = stateWords(film, verdicts);
  const probability = film.examination?.prediction?.gateProbability;
  const button = element(
    "button",
    { type: "button", "aria-pressed": String(film === current), onclick: () => open(film) },
    element("span", { class: "name" }, film.name),
    element("span", { class: `badge ${verdict}` }, words),
    probability !== undefined && element("small", {}, percent(probability)),
  );
  return element("li", {}, button);
}
