/** The pages open without a connection once they were opened with one; `service-worker.js` holds their files. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // What the person came for loads first.
  window.addEventListener('load', () => void navigator.serviceWorker.register('/service-worker.js'));
}
