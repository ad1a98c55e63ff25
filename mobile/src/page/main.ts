// The page: takes films, has them examined one after the other, shows what was found.

import type { Loaded } from "../protocol";
import { androidBridge, androidFilms } from "./android";
import { EngineClient } from "./client";
import { byId, element } from "./elements";
import { closeFilm, showFilm } from "./film_view";
import { Film, MOST_FILMS, newFilm } from "./films";
import { keepOffline } from "./offline";
import { takeShared } from "./shared";
import { showSpeed } from "./speed";
import { showFilms } from "./worklist";

const SAMPLE = "samples/lower_leg_broken.png";
const status = byId("engine-status");
const client = new EngineClient((title) => (status.textContent = `Loading ${title}`));

let loaded: Loaded | null = null;
let films: Film[] = [];
let current: Film | null = null;

void start();

async function start(): Promise<void> {
  listen();
  const offline = keepOffline().catch(() => false);
  try {
    loaded = await client.load();
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
    status.setAttribute("role", "alert");
    return;
  }
  status.textContent = "Ready.";
  byId("disclaimer").textContent = loaded.facts.disclaimer;
  fillAbout(loaded);
  await examineWaiting();
  if (await offline) byId("offline").textContent = "Works without a network.";
  const bridge = androidBridge();
  const shared = bridge ? await androidFilms(bridge) : await takeShared();
  add(shared.map((file) => newFilm(file.name, file)));
}

function listen(): void {
  const files = byId<HTMLInputElement>("files");
  const camera = byId<HTMLInputElement>("camera");
  // Android's file picker offers the camera by itself.
  camera.labels?.forEach((label) => (label.hidden = Boolean(androidBridge())));
  const take = (input: HTMLInputElement, photo: boolean) => () => {
    add([...(input.files ?? [])].map((file) => newFilm(file.name, file, photo)));
    input.value = "";
  };
  files.addEventListener("change", take(files, false));
  camera.addEventListener("change", take(camera, true));
  byId("sample").addEventListener("click", () => void addSample());
  byId("clear").addEventListener("click", clear);
  byId("about-open").addEventListener("click", () => byId<HTMLDialogElement>("about").showModal());
  byId("speed-open").addEventListener("click", () => {
    showSpeed(client, loaded);
    byId<HTMLDialogElement>("speed").showModal();
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...(event.dataTransfer?.files ?? [])].map((file) => newFilm(file.name, file)));
  });
}

async function addSample(): Promise<void> {
  const response = await fetch(SAMPLE);
  add([newFilm("Synthetic sample.png", await response.blob())]);
}

function add(more: Film[]): void {
  if (!more.length) return;
  films = [...more, ...films].slice(0, MOST_FILMS);
  list();
  void open(more[0]);
  void examineWaiting();
}

function clear(): void {
  films = [];
  current = null;
  closeFilm();
  list();
  byId("files").focus();
}

function list(): void {
  showFilms(films, current, loaded?.facts.verdicts ?? {}, (film) => void open(film));
}

let examining = false;

/** Examines films in their order, one at a time, until none waits. */
async function examineWaiting(): Promise<void> {
  if (examining || !loaded) return;
  examining = true;
  let next: Film | undefined;
  while ((next = films.find((film) => !film.examination))) {
    await examine(next, false, false);
  }
  examining = false;
}

async function examine(film: Film, acceptAny: boolean, alwaysSegment: boolean): Promise<void> {
  try {
    film.examination = await client.examine(film.file, { acceptAny, alwaysSegment });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    film.examination = {
      error: words,
      refusal: null,
      prediction: null,
      cautions: [],
      known: null,
      width: 0,
      height: 0,
      times: {},
    };
  }
  list();
  if (film === current) await open(film);
}

/** Shows what is known of a film at once, and its picture as soon as it is decoded. */
async function open(film: Film): Promise<void> {
  const anew = film !== current;
  current = film;
  list();
  if (!loaded) return;
  const found = film.examination;
  const actions = {
    anyway: () => void examine(film, true, false),
    segment: () => void examine(film, Boolean(found?.refusal), true),
  };
  if (anew) showFilm(film, null, loaded.facts, actions);
  if (!found || found.error) return showFilm(film, null, loaded.facts, actions);
  const inverted = found.cautions.some(({ key }) => key === "inverted");
  const picture = await client.picture(film.file, inverted).catch(() => null);
  if (film !== current || film.examination !== found) return picture?.close();
  showFilm(film, picture, loaded.facts, actions);
}

function fillAbout({ facts, runtime }: Loaded): void {
  const threads = runtime.threads === 1 ? "1 thread" : `${runtime.threads} threads`;
  const lines = [
    facts.disclaimer,
    "A gate judges the whole X-ray; two segmenters mark where. All of it runs on this phone: no " +
      "X-ray and no result leaves it.",
    "It misses fractures, and it sees some that are none. If you are hurt, see a doctor.",
    facts.attribution,
    `Version ${facts.version}, LiteRT (${runtime.build}, ${threads}).`,
  ];
  byId("about-words").replaceChildren(...lines.map((line) => element("p", {}, line)));
}
