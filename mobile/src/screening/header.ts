// Tells from the header of a DICOM file that it is no radiograph of a limb, hip or shoulder.

import type { ScreeningFacts } from "../networks/contract";
import { caution, Caution, DicomSource } from "../xray/radiograph";

/** What a header says that the networks do not know, a sentence; null where it says nothing. */
export function oddHeader(source: DicomSource | null, facts: ScreeningFacts): string | null {
  if (!source) return null;
  const kind = facts.modalities[source.modality];
  if (kind) return `The file's header calls it ${kind} (Modality ${source.modality}).`;
  const part = otherPart(source.bodyPart, facts);
  if (!part) return null;
  const stated = source.bodyPart.slice(0, 32);
  return `The file's header says that it shows ${part} (BodyPartExamined ${stated}).`;
}

/** What a header says that is told beside a verdict. */
export function headerCautions(source: DicomSource | null, facts: ScreeningFacts): Caution[] {
  const part = source && otherPart(source.bodyPart, facts);
  return part ? [caution("body_part", part)] : [];
}

/** The part of the body, for people, where a BodyPartExamined names none of a limb. */
function otherPart(bodyPart: string, facts: ScreeningFacts): string | null {
  const words = bodyPart.match(/[A-Z]+/g) ?? [];
  const limbs = new Set(facts.limb_words);
  if (words.some((word) => limbs.has(word) || limbs.has(word.replace(/S$/, "")))) return null;
  const found = Object.entries(facts.other_parts).find(([, names]) =>
    words.some((word) => names.includes(word)),
  );
  return found ? found[0] : null;
}
