export interface OriginFacts {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The browser's own word about where the request came from. */
  readonly fetchSite: string | undefined;
  readonly publicOrigin: string | undefined;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * False for an unsafe request that a browser sent from another site. A request that is not a browser's (neither
 * header) cannot be forged in somebody's browser, so it passes.
 */
export function isFromThisSite({ method, host, origin, fetchSite, publicOrigin }: OriginFacts): boolean {
  if (SAFE.has(method)) return true;
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin === undefined) return true;
  if (publicOrigin !== undefined && origin === publicOrigin) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
