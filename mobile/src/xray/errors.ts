// Why a file is no X-ray that we can read.

export const EXPORT_AGAIN = "export or download it again.";
export const SAVE_AS = "save the X-ray as PNG, JPEG or DICOM.";

/** The bytes are no X-ray that we can read; the text, in lower case, says why and what to do. */
export class UnreadableXray extends Error {}

/** The refusal of a file that its decoder gave up; `kind` is a noun such as "PNG". */
export function damaged(kind: string): UnreadableXray {
  return new UnreadableXray(`the ${kind} is damaged or incomplete; ${EXPORT_AGAIN}`);
}

/** The refusal of a header whose parts do not fit together; `what` is a clause. */
export function contradiction(what: string): UnreadableXray {
  return new UnreadableXray(`the DICOM header contradicts itself (${what}); export it again.`);
}
