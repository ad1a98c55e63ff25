// The verdict: its heading stays in one live region, so that a screen reader tells each change.

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]") ?? create(parentElement);
  const opened = document.body.dataset.openedFilm === String(data.film);
  // What gets the focus is read anyway; read twice it is a nuisance.
  region.setAttribute("aria-live", opened ? "off" : "polite");
  region.className = `fl-verdict fl-${data.sign}`;
  region.dataset.film = data.film;
  if (region.told !== data.html) {
    const held = region.contains(document.activeElement);
    region.told = data.html;
    region.innerHTML = data.html; // made and escaped by verdict.py
    if (held) heading(region).focus({ preventScroll: true });
  }
  if (!opened) return;
  delete document.body.dataset.openedFilm;
  heading(region).focus({ preventScroll: true });
  region.scrollIntoView({ block: "nearest" });
}

function create(parentElement) {
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  region.addEventListener("keydown", walk);
  return parentElement.appendChild(region);
}

const heading = (region) => region.querySelector("h2");

/** Left and right on the heading open the X-ray before and after. */
function walk(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || event.target.tagName !== "H2" || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.querySelector(`.fl-films [data-step="${step}"]`)?.click();
}
