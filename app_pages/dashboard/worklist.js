// The worklist: a button for each X-ray, opened by a click, Enter or the arrow keys.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("nav") ?? parentElement.appendChild(make("nav", "fl-films"));
  const held = whereFocusIs(root);
  const scrolled = root.querySelector("ol");
  const [top, left] = [scrolled?.scrollTop ?? 0, scrolled?.scrollLeft ?? 0];
  const numbers = data.films.map((film) => film.number);
  // Who walks fast is ahead of the server: what came from it for an earlier step changes nothing.
  if (root.wanted === data.open || !numbers.includes(root.wanted)) root.wanted = undefined;

  const current = () => root.wanted ?? data.open;
  const neighbor = (step) => numbers[numbers.indexOf(current()) + step];

  function open(number) {
    if (number === undefined || number === current()) return;
    root.wanted = number;
    mark();
    setTriggerValue("opened", number);
  }

  function mark() {
    for (const item of root.querySelectorAll(".fl-film")) {
      const isOpen = Number(item.dataset.film) === current();
      item.classList.toggle("fl-film-open", isOpen);
      item.firstChild.setAttribute("aria-current", isOpen);
    }
    const place = numbers.indexOf(current());
    root.querySelector(".fl-film-place").textContent = `${place + 1} of ${numbers.length}`;
    for (const button of root.querySelectorAll("[data-step]"))
      button.setAttribute("aria-disabled", neighbor(Number(button.dataset.step)) === undefined);
    show(root.querySelector("ol"), root.querySelector(".fl-film-open"));
  }

  root.setAttribute("aria-label", "X-rays, the most suspicious first");
  root.replaceChildren(
    stepButton("Previous X-ray", -1, "‹"),
    make("span", "fl-film-place"),
    stepButton("Next X-ray", 1, "›"),
    list(data.films, data.studies),
  );
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { step, film, remove } = button.dataset;
    if (step) open(neighbor(Number(step)));
    else if (remove) setTriggerValue("removed", Number(remove));
    else if (Number(film) === current()) document.querySelector(".fl-verdict h2")?.focus();
    else {
      document.body.dataset.openedFilm = film; // the verdict takes the focus when it is there
      open(Number(film));
    }
  };
  root.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(neighbor(step));
    if (event.target.dataset.film) cardOf(root, current()).focus({ preventScroll: true });
  };
  Object.assign(root.querySelector("ol"), { scrollTop: top, scrollLeft: left });
  mark();
  if (held) (root.querySelector(held) ?? cardOf(root, current())).focus({ preventScroll: true });
}

function list(films, studies) {
  const items = make("ol");
  for (const film of films) {
    const study = studies.find((one) => one.films.includes(film.number));
    if (study?.films[0] === film.number) items.append(heading(study));
    items.append(card(film));
    if (study) items.lastChild.classList.add("fl-film-view");
    if (study?.films.at(-1) === film.number) items.lastChild.classList.add("fl-film-last");
  }
  return items;
}

/** The verdict of a study, above its views. */
function heading(study) {
  const item = make("li", `fl-study fl-${study.sign}`);
  item.append(make("span", "", study.title), " ", make("span", `fl-badge fl-${study.sign}`, study.verdict));
  return item;
}

function card(film) {
  const item = make("li", `fl-film fl-${film.sign}`);
  item.dataset.film = film.number;
  const open = make("button", "fl-film-card");
  open.dataset.film = film.number;
  const picture = make("img");
  Object.assign(picture, { src: film.picture, alt: "" });
  const words = make("span", "fl-film-words");
  const parts = [
    make("span", `fl-badge fl-${film.sign}`, film.verdict),
    make("span", "fl-film-number", film.probability),
    make("span", "fl-film-caution", film.caution),
    make("span", "fl-film-name", film.name),
  ];
  // Spaces between the parts: together they are the button's name.
  for (const part of parts) if (part.textContent) words.append(part, " ");
  open.append(picture, words);
  open.title = film.name;
  const remove = make("button", "fl-film-remove", "×");
  remove.dataset.remove = film.number;
  remove.title = `Remove ${film.name}`;
  remove.setAttribute("aria-label", remove.title);
  item.append(open, remove);
  return item;
}

function stepButton(label, step, sign) {
  const button = make("button", "fl-film-step", sign);
  button.dataset.step = step;
  button.title = label;
  button.setAttribute("aria-label", label);
  return button;
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  if (tag === "button") element.type = "button";
  return element;
}

const cardOf = (root, number) => root.querySelector(`.fl-film-card[data-film="${number}"]`);

/** A selector of the button that has the focus, "" where none of the worklist's has it. */
function whereFocusIs(root) {
  const data = root.contains(document.activeElement) ? document.activeElement.dataset : {};
  const found = ["step", "film", "remove"].find((name) => data[name]);
  return found ? `button[data-${found}="${data[found]}"]` : "";
}

/** Scrolls the list alone: scrollIntoView would move the page too. */
function show(items, item) {
  if (!item) return;
  const [box, part] = [items.getBoundingClientRect(), item.getBoundingClientRect()];
  items.scrollTop += Math.min(0, part.top - box.top) || Math.max(0, part.bottom - box.bottom);
  items.scrollLeft += Math.min(0, part.left - box.left) || Math.max(0, part.right - box.right);
}
