// The films that were chosen, and what is known of each.

import type { Examination } from "../results";

export interface Film {
  id: number;
  name: string;
  file: Blob;
  /** Null until it was examined. */
  examination: Examination | null;
  /** A photo of a film is not a film: told beside its verdict. */
  photo: boolean;
}

/** More than a study has; each keeps only its file's handle and what was found. */
export const MOST_FILMS = 200;

let last = 0;

export function newFilm(name: string, file: Blob, photo = false): Film {
  return { id: ++last, name, file, examination: null, photo };
}

/** A word for the list: the verdict, or why there is none. */
export function stateWords(film: Film, verdicts: Record<string, string>): [string, string] {
  const found = film.examination;
  if (!found) return ["", "Waiting"];
  if (found.error) return ["", "Unreadable"];
  if (!found.prediction) return ["", "Refused"];
  return [found.prediction.verdict, verdicts[found.prediction.verdict]];
}
