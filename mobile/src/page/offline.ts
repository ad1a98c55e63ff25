// Keeps the app on the phone, and tells of new versions.

import { byId } from "./elements";

/** Registers the service worker; the packaged Android app has all its files and needs none. */
export async function keepOffline(): Promise<boolean> {
  const packaged = new URLSearchParams(location.search).has("packaged");
  if (packaged || !("serviceWorker" in navigator)) return packaged;
  const registration = await navigator.serviceWorker.register("service_worker.js");
  watch(registration);
  await navigator.serviceWorker.ready;
  return true;
}

/** Offers a version that waits; it starts when the user says so, never in the middle of work. */
function watch(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    byId("update").hidden = false;
    byId("update-now").onclick = () => registration.waiting?.postMessage("update");
  };
  let updating = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (updating) location.reload();
    updating = true;
  });
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
}
