// The service worker: keeps the app on the phone, so that it opens without a network.

import { DATA_CACHE } from "./networks/cache";
import { SHARED_CACHE, SHARED_FIELD, sharedPath } from "./page/shared";

declare const self: ServiceWorkerGlobalScope & { VERSION: string };

interface FileList {
  version: string;
  files: string[];
  data: string[];
}

/** With these the page may use threads, also where its host sends none of them. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
const SHELL = `fracturelens-${self.VERSION}`;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "update") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST") event.respondWith(share(request));
  else if (request.method === "GET") event.respondWith(respond(request));
});

async function install(): Promise<void> {
  const { files } = await fileList();
  const cache = await caches.open(SHELL);
  await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter(
    (name) => name.startsWith("fracturelens-") && ![SHELL, DATA_CACHE, SHARED_CACHE].includes(name),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
  await prune().catch(() => undefined); // without a network, next time
  await self.clients.claim();
}

/** Removes networks and runtimes that this version does not use. */
async function prune(): Promise<void> {
  const { data } = await fileList();
  const used = new Set(data.map((file) => new URL(file, self.location.href).href));
  const cache = await caches.open(DATA_CACHE);
  const requests = await cache.keys();
  await Promise.all(requests.map((request) => !used.has(request.url) && cache.delete(request)));
}

async function fileList(): Promise<FileList> {
  const response = await fetch("files.json", { cache: "no-cache" });
  return (await response.json()) as FileList;
}

async function respond(request: Request): Promise<Response> {
  const key = request.mode === "navigate" ? "index.html" : request;
  const shell = await caches.open(SHELL);
  const data = await caches.open(DATA_CACHE);
  const kept = (await shell.match(key, { ignoreSearch: true })) ?? (await data.match(request));
  const response = kept ?? (await fetch(request));
  if (response.type === "opaque" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, headers });
}

/** Takes films that another app shares; the page fetches them from a cache. */
async function share(request: Request): Promise<Response> {
  const films = (await request.formData()).getAll(SHARED_FIELD);
  const cache = await caches.open(SHARED_CACHE);
  await Promise.all(
    films.map(async (film, place) => {
      if (!(film instanceof File)) return;
      await cache.put(sharedPath(place, film.name), new Response(film));
    }),
  );
  return Response.redirect("./?shared", 303);
}
