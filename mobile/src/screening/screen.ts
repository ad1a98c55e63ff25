// Screens a picture before any verdict: is it a film that the networks know?

import { askClasses, Run, softmax } from "../networks/ask";
import { Inference, ScreeningFacts, thresholdsOf } from "../networks/contract";
import { squaresOf } from "../networks/inputs";
import { Gray, negative } from "../xray/gray";
import { caution, negativeOf, Radiograph, withCautions } from "../xray/radiograph";
import { checkPicture } from "./check";
import { headerCautions, oddHeader } from "./header";

/** What screening makes of a picture; fracturelens/screening/outcome.py describes each. */
export interface Screening {
  outcome: "accept" | "caution" | "refuse";
  kind: string;
  probability: number | null;
  detail: string;
}

/** Why a picture is not taken for an X-ray that the networks know: words for people. */
export interface Refusal {
  kind: string;
  reason: string;
  remedy: string;
}

/** The screening network, loaded; null leaves the exact checks. */
export interface ScreeningNetwork {
  run: Run;
  inference: Inference;
  precision: string;
}

export interface Screened {
  radiograph: Radiograph;
  screening: Screening;
  refusal: Refusal | null;
}

type Probabilities = Record<string, number>;

/** The picture to judge, a negative inverted, and why it would be refused, if so. */
export async function screened(
  decoded: Radiograph,
  network: ScreeningNetwork | null,
  facts: ScreeningFacts,
): Promise<Screened> {
  const radiograph = withCautions(decoded, ...headerCautions(decoded.source, facts));
  const screening = await screen(radiograph, network, facts);
  if (screening.outcome === "caution") {
    const inverted = screening.kind === facts.negative;
    const judged = inverted ? negativeOf(radiograph) : withCautions(radiograph, caution("unlike"));
    return { radiograph: judged, screening, refusal: null };
  }
  const refusal = screening.outcome === "refuse" ? refusalOf(screening, facts) : null;
  return { radiograph, screening, refusal };
}

async function screen(
  radiograph: Radiograph,
  network: ScreeningNetwork | null,
  facts: ScreeningFacts,
): Promise<Screening> {
  const refuse = (kind: string, detail: string): Screening => {
    return { outcome: "refuse", kind, probability: null, detail };
  };
  const said = oddHeader(radiograph.source, facts);
  if (said) return refuse("header", said);
  const failed = checkPicture(radiograph, facts);
  if (failed) return refuse(failed.kind, failed.detail);
  if (!network) return { outcome: "accept", kind: "", probability: null, detail: "" };
  const shares = await ask(radiograph.standard, network);
  if (greatest(Object.keys(shares), shares) === facts.negative) {
    const inverse = judged(await ask(negative(radiograph.standard), network), network, facts);
    if (inverse.outcome !== "refuse") {
      return { ...inverse, outcome: "caution", kind: facts.negative };
    }
  }
  return judged(shares, network, facts);
}

async function ask(gray: Gray, { run, inference }: ScreeningNetwork): Promise<Probabilities> {
  const logits = await askClasses(run, inference, squaresOf(gray, inference.input));
  const shares = softmax(logits);
  return Object.fromEntries(inference.classes.map((name, i) => [name, shares[i]]));
}

function judged(
  shares: Probabilities,
  { inference, precision }: ScreeningNetwork,
  facts: ScreeningFacts,
): Screening {
  const limits = thresholdsOf(inference, precision);
  const sum = facts.known.reduce((total, name) => total + shares[name], 0);
  const probability = Math.min(1, sum);
  if (probability >= Number(limits.accept_from)) {
    return { outcome: "accept", kind: greatest(facts.known, shares), probability, detail: "" };
  }
  const outcome = probability < Number(limits.refuse_below) ? "refuse" : "caution";
  return { outcome, kind: looksLike(shares, facts), probability, detail: "" };
}

/** The class that stands out among those that are not known, else "unlike". */
function looksLike(shares: Probabilities, facts: ScreeningFacts): string {
  const others = Object.keys(shares).filter((name) => !facts.known.includes(name));
  const top = greatest(others, shares);
  const sum = others.reduce((total, name) => total + shares[name], 0);
  return shares[top] >= facts.stands_out * sum ? top : "unlike";
}

function greatest(names: string[], shares: Probabilities): string {
  return names.reduce((best, name) => (shares[name] > shares[best] ? name : best));
}

function refusalOf({ kind, detail }: Screening, facts: ScreeningFacts): Refusal {
  const seen = kind === "header" ? detail : (facts.seen[kind] ?? facts.unlike);
  return {
    kind,
    reason: seen.replace("{detail}", detail),
    remedy: facts.remedies[kind] ?? facts.remedy,
  };
}
