import { randomUUID } from 'node:crypto';
import { request } from 'node:http';

export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Record<string, string | string[] | undefined>;
}

interface Call {
  body?: unknown;
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

/** A browser's or program's view of the REST API: keeps the session cookie, says where it comes from. */
export class Client {
  #cookie: string | undefined;

  constructor(
    readonly baseUrl: string,
    /** An API token; without one the client keeps the session's cookie, as a browser does. */
    readonly token?: string,
    /** The instance a visitor looks at; who is signed in acts in their session's instance. */
    readonly instanceSlug?: string,
  ) {}

  get cookie(): string | undefined {
    return this.#cookie;
  }

  get<T>(path: string): Promise<T> {
    return this.#expect<T>('GET', path);
  }

  /** With an idempotency key of its own unless one is given. */
  post<T>(path: string, body: unknown = {}, call: Omit<Call, 'body'> = {}): Promise<T> {
    return this.#expect<T>('POST', path, { idempotencyKey: randomUUID(), ...call, body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#expect<T>('PUT', path, { body });
  }

  delete<T>(path: string): Promise<T> {
    return this.#expect<T>('DELETE', path);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.post('/session', { email, password });
  }

  /** Sends a request and returns the answer, whatever its status. */
  send<T = unknown>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    const url = new URL(`/api${path}`, this.baseUrl);
    if (this.instanceSlug) url.searchParams.set('instance', this.instanceSlug);
    const isText = typeof call.body === 'string';
    const payload =
      call.body === undefined ? undefined : isText ? (call.body as string) : JSON.stringify(call.body);
    const headers: Record<string, string> = {
      accept: 'application/json',
      origin: this.baseUrl,
      ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      ...(this.#cookie ? { cookie: this.#cookie } : {}),
      ...(payload === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
      ...(call.idempotencyKey ? { 'idempotency-key': call.idempotencyKey } : {}),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) {
            this.#cookie = /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)
              ? undefined
              : cookie.split(';')[0];
          }
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.includes('json') ?? false;
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: (isJson && text ? JSON.parse(text) : text) as T,
          });
        });
      });
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  async #expect<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const answer = await this.send<T>(method, path, call);
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }
}
