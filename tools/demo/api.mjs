import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const TRIED_AGAIN = new Set([429, 502, 503, 504]);

/** An answer that is a refusal; `code` is the problem's, such as `stock-insufficient`. */
export class Refusal extends Error {
  constructor(what, status, problem) {
    super(`${what} was refused with ${status}: ${problem?.detail ?? problem?.title ?? 'no reason given'}`);
    this.status = status;
    this.code = problem?.code;
    this.problem = problem;
  }
}

/** The public HTTP API of a running system, as any program uses it. */
export class Api {
  /** @param {string} url @param {{token?: string, cookie?: string}} [credentials] an API token, or a session's cookie */
  constructor(url, { token, cookie } = {}) {
    this.url = url.replace(/\/$/, '');
    this.token = token;
    this.cookie = cookie;
  }

  /** Returns the same API for the owner of another token. */
  as(token) {
    return new Api(this.url, { token });
  }

  /** Returns the same API for who signed in with a cookie. */
  withCookie(cookie) {
    return new Api(this.url, { cookie });
  }

  get(path) {
    return this.call('GET', path);
  }

  /** @param {string} [key] the idempotency key; a repetition with it never does the same twice */
  post(path, body, key) {
    return this.call('POST', path, { body, key });
  }

  put(path, body) {
    return this.call('PUT', path, { body });
  }

  /**
   * Sends one request and returns the answer's JSON. What fails for a passing reason is tried again for a minute.
   * @throws Refusal
   */
  async call(method, path, { body, key, raw = false } = {}) {
    const headers = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (key) headers['idempotency-key'] = key;
    if (this.cookie) headers.cookie = this.cookie;
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    else headers.origin = this.url;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const until = Date.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#send(`${this.url}/api${path}`, { method, headers, body: payload }, until);
      if (response) {
        const text = await response.text();
        const answer = text === '' ? undefined : JSON.parse(text);
        if (response.ok) return raw ? { answer, response } : answer;
        const again = TRIED_AGAIN.has(response.status) || answer?.code === 'request-in-progress';
        if (!again || Date.now() > until) throw new Refusal(`${method} ${path}`, response.status, answer);
        const waitSeconds = Number(response.headers.get('retry-after'));
        if (waitSeconds > 0) await delay(Math.min(waitSeconds * 1_000, 10_000));
      }
      await delay(Math.min(50 * 2 ** attempt, 2_000));
    }
  }

  /** Signs in; returns the API for who did. */
  async signIn(email, password, instanceSlug) {
    const { response } = await this.call('POST', '/session', {
      body: { email, password, ...(instanceSlug && { instanceSlug }) },
      raw: true,
    });
    return this.withCookie(response.headers.get('set-cookie').split(';', 1)[0]);
  }

  /** Makes a token for who is signed in, good for a year; returns the API that uses it. */
  async withOwnToken() {
    const { token } = await this.post('/api-tokens', { name: 'Demo network', expiresInDays: 365 });
    return this.as(token);
  }

  async #send(address, options, until) {
    try {
      return await fetch(address, options);
    } catch (error) {
      if (Date.now() > until) throw error;
      return undefined;
    }
  }
}

/** Runs `work` for every item, at most `limit` at once; returns the results in the items' order. */
export async function inParallel(items, limit, work) {
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
