// The name of the cache of large files, which the worker fills and the service worker prunes.

/** Cache of what is large and seldom changes: its files carry a version in their names. */
export const DATA_CACHE = "fracturelens-data";
