// What was read from a file: gray pictures, and what the file says of them.

import { Gray, negative } from "./gray";

/** Something unusual that is told beside the verdict: a key of engine.json's `cautions`. */
export interface Caution {
  key: string;
  detail: string;
}

/** What a DICOM header says, as far as it decides or is told; plain text in capitals. */
export interface DicomSource {
  modality: string;
  bodyPart: string;
  ageYears: number | null;
}

export interface Radiograph {
  /** As a viewer shows it. */
  shown: Gray;
  /** As the networks get it: the same for one X-ray whatever its container. */
  standard: Gray;
  /** Mean difference between the two color channels that differ most, gray levels. */
  colorfulness: number;
  cautions: Caution[];
  /** Null for other than DICOM files. */
  source: DicomSource | null;
}

/** The same picture with further cautions; of each key the first one stays. */
export function withCautions(radiograph: Radiograph, ...more: Caution[]): Radiograph {
  const kept = new Map<string, Caution>();
  for (const caution of [...radiograph.cautions, ...more]) {
    if (!kept.has(caution.key)) kept.set(caution.key, caution);
  }
  return { ...radiograph, cautions: [...kept.values()] };
}

/** A caution without anything in its sentence that changes. */
export function caution(key: string, detail = ""): Caution {
  return { key, detail };
}

/** The same picture with bright and dark exchanged, and the caution "inverted". */
export function negativeOf(radiograph: Radiograph): Radiograph {
  const { shown, standard } = radiograph;
  const turned = negative(shown);
  const other = standard === shown ? turned : negative(standard);
  return withCautions({ ...radiograph, shown: turned, standard: other }, caution("inverted"));
}
