// Measures how fast the networks run on the phone at hand, and prints a row to send in.

import type { Loaded, Rounds } from "../protocol";
import type { EngineClient } from "./client";
import { byId, element } from "./elements";

const ROUNDS = 20;

/** Fills the dialog; nothing is sent anywhere. */
export function showSpeed(client: EngineClient, loaded: Loaded | null): void {
  const area = byId("speed-words");
  if (!loaded) {
    area.replaceChildren(element("p", {}, "The networks are not loaded yet."));
    return;
  }
  const start = element("button", { type: "button", class: "main" }, "Measure");
  const words = `Runs each network ${ROUNDS} times and tells the median. Nothing is sent.`;
  area.replaceChildren(element("p", {}, words), start);
  start.addEventListener("click", async () => {
    start.disabled = true;
    start.textContent = "Measuring";
    const rounds = await client.measure(ROUNDS);
    area.replaceChildren(...report(rounds, loaded));
  });
}

function report(rounds: Rounds, { facts, runtime }: Loaded): HTMLElement[] {
  const medians = facts.networks.map(({ name, title }) => ({
    title,
    milliseconds: median(rounds.map((times) => times[name])),
  }));
  const rows = medians.map(({ title, milliseconds }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, title),
      element("td", {}, `${milliseconds.toFixed(1)} ms`),
    ),
  );
  const row = [
    navigator.userAgent,
    `${navigator.hardwareConcurrency} cores`,
    `${runtime.build}, ${runtime.threads} threads`,
    ...medians.map(({ milliseconds }) => milliseconds.toFixed(1)),
    `version ${facts.version}`,
  ].join(" | ");
  return [
    element(
      "table",
      {},
      element("caption", { class: "hidden" }, "Median time of one input"),
      element("tbody", {}, ...rows),
    ),
    element("p", { class: "soft" }, "A row to send in, if you like:"),
    element("code", {}, row),
  ];
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
