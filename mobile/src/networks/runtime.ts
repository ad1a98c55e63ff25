// Loads LiteRT.js in this worker and runs networks with it.

import { CompiledModel, loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import type { Run } from "./ask";
import { keep, unpacked } from "./files";

/** Builds of the runtime: with threads, without, and without relaxed SIMD. */
export type Build = "threaded" | "single" | "compat";

export interface Runtime {
  build: Build;
  threads: number;
}

/** Folder of the runtime, with its version: set at build. */
declare const RUNTIME_FOLDER: string;

const FILES: Record<Build, string> = {
  threaded: "litert_wasm_threaded_internal",
  single: "litert_wasm_internal",
  compat: "litert_wasm_compat_internal",
};
/** A module with one instruction of relaxed SIMD: only browsers that have it take it. */
const RELAXED_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
]);
/** More threads than this gain nothing: phones have few fast cores. */
const MOST_THREADS = 4;

/** Loads the build that this browser can run; `threads` of 0 lets it choose. */
export async function loadRuntime(threads: number): Promise<Runtime> {
  const relaxed = WebAssembly.validate(RELAXED_SIMD);
  const wanted = threads || Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
  const shared = relaxed && self.crossOriginIsolated && wanted > 1;
  const build: Build = shared ? "threaded" : relaxed ? "single" : "compat";
  const path = `${RUNTIME_FOLDER}/${FILES[build]}`;
  const script = new URL(`${path}.js`, self.location.href).href;
  await keep(`${path}.js`);
  const wasmBinary = await unpacked(`${path}.wasm.packed`);
  // Emscripten reads its options from the global Module.
  Object.assign(self, { Module: { wasmBinary, mainScriptUrlOrBlob: script } });
  await loadLiteRt(script);
  return { build, threads: shared ? wanted : 1 };
}

/** A network, ready to run one input of (1, size, size, channels). */
export async function loadNetwork(
  bytes: Uint8Array,
  size: number,
  channels: number,
  threads: number,
): Promise<Run> {
  const model = await loadAndCompile(bytes, {
    accelerator: "wasm",
    cpuOptions: { numThreads: threads },
  });
  return (values) => infer(model, values, [1, size, size, channels]);
}

async function infer(
  model: CompiledModel,
  values: Float32Array,
  shape: number[],
): Promise<Float32Array> {
  const input = new Tensor(values, shape);
  const outputs = await model.run([input]);
  const answer = (outputs[0].toTypedArray() as Float32Array).slice();
  for (const tensor of [input, ...outputs]) tensor.delete();
  return answer;
}
