// What is unusual about a film, in words.

import type { EngineFacts } from "../networks/contract";
import type { Caution } from "../xray/radiograph";
import type { Film } from "./films";

/** The cautions of a film that was examined; that of a photo of it first. */
export function cautionsOf(film: Film): Caution[] {
  const told = film.examination?.cautions ?? [];
  const photo = { key: "photo", detail: "" };
  return film.photo ? [photo, ...told.filter(({ key }) => key !== "photo")] : told;
}

/** A caution in plain English, one or two sentences. */
export function cautionWords({ key, detail }: Caution, facts: EngineFacts): string {
  return (facts.cautions[key] ?? key).replace("{detail}", detail);
}
