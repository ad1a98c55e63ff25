// Results as JSON records, laid out as fracturelens/export/records.py writes them.

import type { EngineFacts, MeasuredShare } from "../networks/contract";
import type { Finding, Verdict } from "../results";
import { digestOf } from "../networks/files";
import { cautionsOf, cautionWords } from "./cautions";
import type { Film } from "./films";

const RUNTIME = "litert.js";

/** A film's result as indented JSON; disclaimer and what made it are inside. */
export async function resultJson(film: Film, facts: EngineFacts): Promise<string> {
  const digest = await digestOf(new Uint8Array(await film.file.arrayBuffer()));
  const content = {
    notice: facts.disclaimer,
    attribution: facts.attribution,
    made: {
      at: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      version: facts.library_version,
      precision: facts.precision,
      networks: Object.fromEntries(facts.networks.map(({ name, sha256 }) => [name, sha256])),
      runtimes: Object.fromEntries(facts.networks.map(({ name }) => [name, RUNTIME])),
    },
    results: [{ file: film.name, sha256: digest, ...recordOf(film, facts) }],
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What was measured of marks by the same networks, at the same verdict; null where nothing was. */
export function shareOf(
  finding: Finding,
  verdict: Verdict,
  facts: EngineFacts,
): MeasuredShare | null {
  const same = (share: MeasuredShare) => share.networks.join() === finding.networks.join();
  return facts.shares[verdict]?.find(same) ?? null;
}

/** The name of a file without its ending, with nothing in it that a system dislikes. */
export function stemOf(name: string): string {
  const stem = name.replace(/.*[\\/]/, "").replace(/\.[^.]*$/, "") || "xray";
  return stem.replace(/[^\p{L}\p{N}_.-]/gu, "_");
}

function recordOf(film: Film, facts: EngineFacts): object {
  const found = film.examination;
  if (!found || found.error) return { error: found?.error };
  const { refusal, prediction } = found;
  const reason = refusal ? { kind: refusal.kind, reason: refusal.reason } : {};
  if (!prediction) {
    const remedy = { remedy: refusal?.remedy };
    return { verdict: "refused", notice: facts.disclaimer, ...reason, ...remedy };
  }
  const { doubtful, fracture, mask } = facts.thresholds;
  const cautions = cautionsOf(film);
  return {
    verdict: prediction.verdict,
    gate_probability: rounded(prediction.gateProbability, 6),
    thresholds: { doubtful, fracture, mask },
    findings: prediction.segmentations.flatMap(({ network, findings }) =>
      findings.map((finding) => findingRecord(network, finding, prediction.verdict, film, facts)),
    ),
    segmenters_run: prediction.segmentations.map(({ network }) => network),
    painted: prediction.painted,
    notice: facts.disclaimer,
    custom_thresholds: false,
    cautions: cautions.map(({ key }) => key),
    cautions_told: cautions.map((caution) => cautionWords(caution, facts)),
    ...(refusal ? { judged_despite: reason } : {}),
  };
}

function findingRecord(
  network: string,
  finding: Finding,
  verdict: Verdict,
  film: Film,
  facts: EngineFacts,
): object {
  const { number, box, areaPixels, areaPercent, mean, networks } = finding;
  const share = film.examination?.refusal ? null : shareOf(finding, verdict, facts);
  const { value, low, high, true: right, regions, split } = share ?? ({} as MeasuredShare);
  return {
    network,
    number,
    box: [box.x, box.y, box.width, box.height],
    area_pixels: areaPixels,
    area_percent: rounded(areaPercent, 4),
    mean_probability: rounded(mean, 6),
    marked_by: networks,
    measured: share && { value, low, high, true: right, regions, split },
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
