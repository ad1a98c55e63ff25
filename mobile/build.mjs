// Bundles the app's scripts and copies what they load into build/web.
//
// `fracturelens export-phone` adds the networks and the list of files for offline use.

import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const OUT = "build/web";
const LITERT = "node_modules/@litertjs/core/wasm";
const { version } = JSON.parse(await readFile("node_modules/@litertjs/core/package.json", "utf8"));
const RUNTIME = `runtime/${version}`;
const RUNTIMES = [
  "litert_wasm_internal",
  "litert_wasm_threaded_internal",
  "litert_wasm_compat_internal",
];
const CODECS = [
  "node_modules/@cornerstonejs/codec-charls/dist/charlswasm_decode",
  "node_modules/@cornerstonejs/codec-openjpeg/dist/openjpegwasm_decode",
];

await rm(OUT, { recursive: true, force: true });
await mkdir(`${OUT}/${RUNTIME}`, { recursive: true });
await mkdir(`${OUT}/codecs`, { recursive: true });
await cp("public", OUT, { recursive: true });
await cp("../assets/favicon.svg", `${OUT}/icons/icon.svg`);
await build({
  entryPoints: {
    app: "src/page/main.ts",
    worker: "src/worker.ts",
    service_worker: "src/service_worker.ts",
  },
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  define: { RUNTIME_FOLDER: JSON.stringify(RUNTIME) },
  alias: { zlib: "./src/no_zlib.ts" },
  legalComments: "linked",
  logLevel: "warning",
});
for (const name of RUNTIMES) {
  await cp(`${LITERT}/${name}.js`, `${OUT}/${RUNTIME}/${name}.js`);
  const wasm = await readFile(`${LITERT}/${name}.wasm`);
  await writeFile(
    `${OUT}/${RUNTIME}/${name}.wasm.packed`,
    await promisify(gzip)(wasm, { level: 9 }),
  );
}
for (const path of CODECS) {
  for (const ending of ["js", "wasm"]) {
    await cp(`${path}.${ending}`, `${OUT}/codecs/${path.split("/").at(-1)}.${ending}`);
  }
}
