// What page and worker say to each other.

import type { EngineFacts } from "./networks/contract";
import type { Runtime } from "./networks/runtime";
import type { Examination, ExamineOptions, Times } from "./results";

/** A request; the answer carries the same id. */
export type Request =
  | { id: number; type: "load"; threads: number }
  | { id: number; type: "examine"; file: Blob; options: ExamineOptions }
  | { id: number; type: "picture"; file: Blob; inverted: boolean }
  | { id: number; type: "measure"; rounds: number };

export interface Loaded {
  facts: EngineFacts;
  runtime: Runtime;
}

/** Milliseconds of each network, one round after the other. */
export type Rounds = Times[];

export type Answer =
  | { id: number; type: "progress"; title: string }
  | { id: number; type: "done"; value: Loaded | Examination | ImageBitmap | Rounds }
  | { id: number; type: "failed"; words: string };
