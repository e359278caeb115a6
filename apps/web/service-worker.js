// The pages' own files, so that a phone at a market stall opens them without a connection. Nothing of the API passes
// through here: what is kept of people is in the page's database (src/device), which signing out empties.
/* global self, caches, fetch, URL, Response, setTimeout */

/** Written by the build: the files that the first page and the packing list need. Another build is another cache. */
const FILES = __FILES__;
const CACHE = `files-${__VERSION__}`;
/** A connection that has not answered by then counts as none. */
const PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['/', ...FILES])));
});

self.addEventListener('activate', (event) => {
  const others = (names) => names.filter((name) => name !== CACHE).map((name) => caches.delete(name));
  event.waitUntil(caches.keys().then((names) => Promise.all(others(names))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

/** The server's page; the one of this build when the server does not answer. Both run the same program. */
async function page(request) {
  const kept = (await caches.match('/')) ?? Response.error();
  const later = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  const now = fetch(request).then(
    (response) => (response.status < 500 ? response : kept),
    () => kept,
  );
  return Promise.race([now, later]);
}

/** Its name carries a hash of what it holds, so the kept one is the right one. */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}
