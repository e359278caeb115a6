/** For everything: nothing is sniffed, framed or told to other sites. */
export const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** For answers of the API, which are never pages. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * For pages: scripts, data and fonts from here only, no inline script. Styles may be inline because the
 * component library sets its theme's variables that way.
 */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains';
