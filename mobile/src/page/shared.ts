// Films that another app shares with the browser's app: the service worker puts them into a
// cache, the page takes them.

export const SHARED_CACHE = "fracturelens-shared";
/** Name of the form field, as in the manifest. */
export const SHARED_FIELD = "films";

const FOLDER = "shared/";

/** Where a shared film waits. */
export function sharedPath(place: number, name: string): string {
  return `${FOLDER}${place}/${encodeURIComponent(name)}`;
}

/** The films that were shared, in their order; each is handed out once. */
export async function takeShared(): Promise<File[]> {
  if (!("caches" in window)) return [];
  const cache = await caches.open(SHARED_CACHE);
  const films: File[] = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    const name = decodeURIComponent(new URL(request.url).pathname.split("/").at(-1) ?? "film");
    if (response) films.push(new File([await response.blob()], name));
    await cache.delete(request);
  }
  return films;
}
