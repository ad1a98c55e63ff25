// From the bytes of a file to an examination: screening, gate, segmenters, thresholds.

import { numberFindings } from "./findings/numbering";
import { findRegions, Region } from "./findings/regions";
import { restoreAbove } from "./findings/restore";
import { askGate, askSegmenter, Run } from "./networks/ask";
import { calibrated } from "./networks/calibration";
import { calibrationOf, EngineFacts, NetworkFacts } from "./networks/contract";
import { unpacked } from "./networks/files";
import { inputsOf } from "./networks/inputs";
import { loadNetwork, loadRuntime, Runtime } from "./networks/runtime";
import {
  Examination,
  ExamineOptions,
  Mask,
  Prediction,
  Segmentation,
  Times,
  Verdict,
} from "./results";
import { screened, ScreeningNetwork } from "./screening/screen";
import { UnreadableXray } from "./xray/errors";
import type { Gray } from "./xray/gray";
import { Radiograph } from "./xray/radiograph";
import { decodeXray } from "./xray/read";

/** All that decides an answer, loaded once. */
export interface Engine {
  facts: EngineFacts;
  runtime: Runtime;
  runs: Map<string, Run>;
}

/** An examination with the picture that was judged. */
export interface Examined {
  examination: Examination;
  radiograph: Radiograph | null;
}

const MEMORY_WORDS = "the X-ray needs more memory than there is; export it smaller.";

/** Loads runtime and networks; `told` hears the title of what comes next. */
export async function loadEngine(
  facts: EngineFacts,
  threads: number,
  told: (title: string) => void,
): Promise<Engine> {
  told("LiteRT");
  const runtime = await loadRuntime(threads);
  const runs = new Map<string, Run>();
  for (const network of facts.networks) {
    told(network.title);
    const bytes = await unpacked(network.file, network.sha256);
    const { size, channels } = network.inference.input;
    runs.set(network.name, await loadNetwork(bytes, size, channels, runtime.threads));
  }
  return { facts, runtime, runs };
}

/** Reads, screens, scores and judges one file; never throws for a bad one. */
export async function examine(
  data: Uint8Array,
  engine: Engine,
  options: ExamineOptions,
): Promise<Examined> {
  const times: Times = {};
  const empty: Examination = {
    error: "",
    refusal: null,
    prediction: null,
    cautions: [],
    known: null,
    width: 0,
    height: 0,
    times,
  };
  try {
    const decoded = await timed(times, "decode", () => decodeXray(data, engine.facts));
    const found = await timed(times, "screening", () => screen(decoded, engine));
    const { radiograph, refusal, screening } = found;
    const { width, height } = radiograph.shown;
    const known = {
      ...empty,
      refusal,
      cautions: radiograph.cautions,
      width,
      height,
      known: screening.probability,
    };
    if (refusal && !options.acceptAny) return { examination: known, radiograph };
    const prediction = await predict(radiograph.standard, engine, options.alwaysSegment, times);
    return { examination: { ...known, prediction }, radiograph };
  } catch (error) {
    return { examination: { ...empty, error: wordsOf(error) }, radiograph: null };
  }
}

/** What to tell of a failure: the file's own, or that memory ran out; others are thrown. */
function wordsOf(error: unknown): string {
  if (error instanceof UnreadableXray) return error.message;
  if (error instanceof RangeError) return MEMORY_WORDS;
  throw error;
}

function screen(decoded: Radiograph, { facts, runs }: Engine) {
  const network = facts.networks.find(({ role }) => role === "screening");
  const run = network && runs.get(network.name);
  const loaded: ScreeningNetwork | null =
    network && run ? { run, inference: network.inference, precision: facts.precision } : null;
  return screened(decoded, loaded, facts.screening);
}

/** Verdict and findings of one gray picture. */
export async function predict(
  gray: Gray,
  engine: Engine,
  alwaysSegment: boolean,
  times: Times,
): Promise<Prediction> {
  const { facts, runs } = engine;
  const gate = networkOf(facts, "gate")[0];
  const inputs = inputsOf(gray);
  const raw = await timed(times, gate.name, () =>
    askGate(runOf(runs, gate), gate.inference, inputs(gate.inference.input)),
  );
  const probability = calibrated(raw, calibrationOf(gate.inference, facts.precision));
  const verdict = judged(probability, facts);
  const painted = alwaysSegment || verdict === "fracture";
  if (verdict === "no_fracture" && !alwaysSegment) {
    return { gateProbability: probability, verdict, segmentations: [], painted: false };
  }
  const segmentations = await segment(gray, inputs, engine, times);
  return { gateProbability: probability, verdict, segmentations, painted };
}

/** The verdict for a calibrated gate probability. */
function judged(probability: number, { thresholds }: EngineFacts): Verdict {
  if (probability >= thresholds.fracture) return "fracture";
  return probability >= thresholds.doubtful ? "doubtful" : "no_fracture";
}

async function segment(
  { width, height }: Gray,
  inputs: ReturnType<typeof inputsOf>,
  { facts, runs }: Engine,
  times: Times,
): Promise<Segmentation[]> {
  const regions = new Map<string, Region[]>();
  const masks = new Map<string, Mask>();
  for (const network of networkOf(facts, "segmenter")) {
    const { name, inference } = network;
    const squares = inputs(inference.input);
    const map = await timed(times, name, () =>
      askSegmenter(runOf(runs, network), inference, squares, facts.fracture_channel),
    );
    const threshold = facts.thresholds.mask[name];
    const restored = restoreAbove(map, inference.input.size, width, height, threshold);
    const smallest = facts.thresholds.min_lesion_share * width * height;
    const found = findRegions(restored, threshold, smallest);
    regions.set(name, found.regions);
    masks.set(name, found.mask);
  }
  const findings = numberFindings(regions, width * height, facts.overlap_limit);
  return [...masks].map(([network, mask]) => {
    return { network, mask, findings: findings.get(network) ?? [] };
  });
}

function networkOf(facts: EngineFacts, role: NetworkFacts["role"]): NetworkFacts[] {
  return facts.networks.filter((network) => network.role === role);
}

function runOf(runs: Map<string, Run>, { name, title }: NetworkFacts): Run {
  const run = runs.get(name);
  if (!run) throw new Error(`${title} is not loaded`);
  return run;
}

async function timed<T>(times: Times, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const answer = await work();
  times[name] = performance.now() - started;
  return answer;
}
