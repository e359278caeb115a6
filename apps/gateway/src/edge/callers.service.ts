import {
  adminRpc,
  DomainError,
  noInstance,
  slug as slugSchema,
  type CallContext,
  type Caller,
  type SessionView,
} from '@foodshed/contracts';
import { Recent, RpcClient, Tokens } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readSessionCookie } from './session.cookie.js';

/** A resolved session is asked for again after this time, should the word that it ended have been missed. */
const RESOLVED_MS = 60_000;
const INSTANCE_MS = 60_000;
const RENEWAL_MARGIN_MS = 45_000;
const REMEMBERED = 20_000;
const API_TOKEN = /^Bearer (fs_[A-Za-z0-9_-]{43})$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** How the caller proved who they are. */
export type Credential = 'none' | 'cookie' | 'api-token';

/** A caller with the token that says so to every service. */
export interface Known {
  readonly caller: Caller;
  readonly token: string;
  readonly instanceSlug?: string;
  /** Who it is, for the person's own eyes; visitors have none. */
  readonly session?: SessionView;
  /** When the session ends unless it is used again; API tokens and visitors have none. */
  readonly sessionExpiresAt?: string;
  readonly goodUntil: number;
}

/** Who a request is from, and how that was found out. */
export interface Resolved {
  readonly known: Known;
  readonly credential: Credential;
  /** True when the browser keeps the cookie of a session that has ended. */
  readonly hasStaleCookie?: boolean;
}

/** What was found out, or is being, and after how many changes it was asked for. */
interface Remembered {
  readonly known: Known | Promise<Known>;
  readonly changes: number;
}

type AnonymousInstance = Extract<Caller, { kind: 'anonymous' }>['instance'];

/** Finds out who a request is from: by API token, by session cookie, else an anonymous visitor of an instance. */
@Injectable()
export class Callers {
  readonly #known = new Recent<string, Remembered>(REMEMBERED);
  /** Counts what was told of people, so that an answer asked for before a change is known to be older. */
  #changes = 0;
  #changeOfEverybody = 0;
  readonly #changeOf = new Recent<string, number>(REMEMBERED);
  readonly #instances = new Recent<string, { instance: AnonymousInstance; goodUntil: number }>(1_000);

  constructor(
    private readonly rpc: RpcClient,
    private readonly tokens: Tokens,
  ) {}

  /**
   * Synchronous when the caller was seen in the last minute.
   * @throws unauthenticated for an API token that is not good; not-found for an instance that is not there.
   */
  resolve(request: FastifyRequest): Resolved | Promise<Resolved> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const apiToken = API_TOKEN.exec(authorization)?.[1];
      if (!apiToken)
        throw new DomainError('unauthenticated', {
          detail: 'The Authorization header is not `Bearer fs_…`.',
        });
      const known = this.#remembered(apiToken, () => this.#byApiToken(apiToken));
      if (known instanceof Promise) return known.then((each) => ({ known: each, credential: 'api-token' }));
      return { known, credential: 'api-token' };
    }
    const slug = slugOf(request);
    const secret = readSessionCookie(request);
    if (!secret || !SECRET.test(secret)) return this.#anonymous(slug);
    // Whoever is signed in acts in their session's instance, whatever the address says.
    const known = this.#remembered(secret, () => this.#bySession(secret));
    if (!(known instanceof Promise)) return { known, credential: 'cookie' };
    return known.then(
      (each) => ({ known: each, credential: 'cookie' }),
      (error: unknown) => this.#ended(error, slug),
    );
  }

  /** Forgets what is known of a session or API token, after signing out or switching the instance. */
  forget(secret: string): void {
    this.#known.delete(secret);
  }

  /** Forgets what is known of whoever sent a request: their rights changed, or were too few to go by memory. */
  forgetCallerOf(request: FastifyRequest): void {
    const secret = API_TOKEN.exec(request.headers.authorization ?? '')?.[1] ?? readSessionCookie(request);
    if (secret) this.#known.delete(secret);
  }

  /** Nothing counts any more that was asked for before now of these people, by whatever session or API token. */
  forgetPeople(personIds: readonly string[]): void {
    this.#changes += 1;
    for (const personId of personIds) this.#changeOf.set(personId, this.#changes);
  }

  /** Nothing counts any more that was asked for before now. */
  forgetEverybody(): void {
    this.#changeOfEverybody = this.#changes += 1;
  }

  /** The caller's context for RPCs. */
  static contextOf({ known }: Resolved, requestId: string): CallContext {
    return { caller: known.caller, token: known.token, requestId };
  }

  #remembered(secret: string, ask: () => Promise<Known>): Known | Promise<Known> {
    const remembered = this.#known.get(secret);
    if (remembered && this.#stands(remembered)) return remembered.known;
    const asked = { known: ask(), changes: this.#changes };
    this.#known.set(secret, asked);
    const isStillThere = (): boolean => this.#known.get(secret) === asked;
    asked.known.then(
      // Unless it was forgotten meanwhile.
      (known) => isStillThere() && this.#known.set(secret, { ...asked, known }),
      () => isStillThere() && this.#known.delete(secret),
    );
    return asked.known;
  }

  #stands({ known, changes }: Remembered): boolean {
    if (changes < this.#changeOfEverybody) return false;
    // Who it is that is being asked for is not known yet: it may be whoever has changed.
    if (known instanceof Promise) return changes === this.#changes;
    if (known.goodUntil <= Date.now()) return false;
    return known.caller.kind !== 'person' || changes >= (this.#changeOf.get(known.caller.personId) ?? 0);
  }

  async #bySession(sessionToken: string): Promise<Known> {
    return this.#fromAnswer(await this.rpc.call(adminRpc.resolveSession, { sessionToken }, 'service'));
  }

  async #byApiToken(apiToken: string): Promise<Known> {
    return this.#fromAnswer(await this.rpc.call(adminRpc.resolveApiToken, { apiToken }, 'service'));
  }

  async #fromAnswer(answer: {
    token: string;
    tokenExpiresAt: string;
    session: SessionView;
    sessionExpiresAt?: string;
  }): Promise<Known> {
    const expiresAt = Date.parse(answer.tokenExpiresAt);
    return {
      caller: await this.tokens.verify(answer.token),
      token: answer.token,
      instanceSlug: answer.session.instance?.slug,
      session: answer.session,
      sessionExpiresAt: answer.sessionExpiresAt,
      goodUntil: Math.min(Date.now() + RESOLVED_MS, expiresAt - RENEWAL_MARGIN_MS / 3),
    };
  }

  async #ended(error: unknown, slug: string | undefined): Promise<Resolved> {
    if (!(error instanceof DomainError) || error.code !== 'unauthenticated') throw error;
    return { ...(await this.#anonymous(slug)), hasStaleCookie: true };
  }

  #anonymous(slug: string | undefined): Resolved | Promise<Resolved> {
    const key = `?${slug ?? ''}`;
    const known = this.#remembered(key, () => this.#visitorOf(slug));
    if (known instanceof Promise) return known.then((each) => ({ known: each, credential: 'none' }));
    return { known, credential: 'none' };
  }

  async #visitorOf(slug: string | undefined): Promise<Known> {
    const instance = slug === undefined ? noInstance : await this.#instanceOf(slug);
    const caller: Caller = { kind: 'anonymous', instance };
    const { token, expiresAt } = await this.tokens.issue(caller);
    return {
      caller,
      token,
      instanceSlug: slug,
      goodUntil: Math.min(Date.now() + INSTANCE_MS, expiresAt.getTime() - RENEWAL_MARGIN_MS),
    };
  }

  async #instanceOf(slug: string): Promise<AnonymousInstance> {
    const known = this.#instances.get(slug);
    if (known && known.goodUntil > Date.now()) return known.instance;
    const view = await this.rpc.call(adminRpc.getInstance, { slug }, 'service');
    const instance = { id: view.id, currency: view.currency, timeZone: view.timeZone };
    this.#instances.set(slug, { instance, goodUntil: Date.now() + INSTANCE_MS });
    return instance;
  }
}

/** The instance that the address names. @throws invalid-input when it cannot be a slug. */
function slugOf(request: FastifyRequest): string | undefined {
  const given = (request.query as { instance?: unknown }).instance;
  if (given === undefined) return undefined;
  const parsed = slugSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid-input', {
    detail: 'Not valid: instance.',
    fields: [{ path: 'instance', message: parsed.error.issues[0]?.message ?? 'is not a slug' }],
  });
}
