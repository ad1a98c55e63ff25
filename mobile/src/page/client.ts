// The page's end of the worker: each request is a promise.

import type { Answer, Loaded, Request, Rounds } from "../protocol";
import type { Examination, ExamineOptions } from "../results";

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class EngineClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** Starts the worker; `progress` hears the title of what is loaded next. */
  constructor(private readonly progress: (title: string) => void) {
    this.worker = new Worker(`worker.js${location.search}`);
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.take(data);
    this.worker.onerror = (event) => this.fail(event.message || "the worker cannot be loaded");
  }

  load(): Promise<Loaded> {
    return this.ask({ type: "load", threads: 0 });
  }

  examine(file: Blob, options: ExamineOptions): Promise<Examination> {
    return this.ask({ type: "examine", file, options });
  }

  picture(file: Blob, inverted: boolean): Promise<ImageBitmap> {
    return this.ask({ type: "picture", file, inverted });
  }

  measure(rounds: number): Promise<Rounds> {
    return this.ask({ type: "measure", rounds });
  }

  private ask<T>(request: WithoutId<Request>): Promise<T> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  private take(answer: Answer): void {
    if (answer.type === "progress") return this.progress(answer.title);
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.type === "done") waiting?.resolve(answer.value as never);
    else waiting?.reject(new Error(answer.words));
  }

  private fail(words: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(words));
    this.waiting.clear();
  }
}
