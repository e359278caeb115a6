import { caller as callerSchema, DomainError, type Caller } from '@foodshed/contracts';
import { importJWK, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import type { OwnKey, PublicKey } from '../config/service.config.js';
import { Recent } from './recent.js';

const AUDIENCE = 'foodshed';
export const TOKEN_LIFETIME_SECONDS = 600;
/** A token that is nearly over is replaced before use, so that it survives the calls it travels with. */
const RENEWAL_MARGIN_MS = 60_000;
const CACHE_SIZE = 10_000;

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Who may vouch for whom: persons only admin, anonymous visitors only the gateway, a service only itself. */
function issuerOf(caller: Caller): string {
  switch (caller.kind) {
    case 'person':
      return 'admin';
    case 'anonymous':
      return 'gateway';
    case 'service':
      return caller.service;
  }
}

interface Verified {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/** Signs this service's tokens (Ed25519) and verifies those of all; a verified one is remembered until it expires. */
export class Tokens {
  readonly #verified = new Recent<string, Verified>(CACHE_SIZE);
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  readonly #ownKey: Promise<CryptoKey>;
  #own?: Promise<IssuedToken>;
  #ownExpiresAtMs = 0;

  constructor(
    private readonly service: Extract<Caller, { kind: 'service' }>['service'],
    signingKey: OwnKey,
    verifyKeys: readonly PublicKey[],
  ) {
    this.#ownKey = importJWK({ ...signingKey, alg: 'EdDSA' }, 'EdDSA') as Promise<CryptoKey>;
    for (const key of verifyKeys) {
      this.#keys.set(key.kid, importJWK({ ...key, alg: 'EdDSA' }, 'EdDSA') as Promise<CryptoKey>);
    }
  }

  /** A token that says `caller`, valid ten minutes of real time. @throws Error when this service may not vouch for it. */
  async issue(caller: Caller, lifetimeSeconds = TOKEN_LIFETIME_SECONDS): Promise<IssuedToken> {
    if (issuerOf(caller) !== this.service) {
      throw new Error(`${this.service} may not issue tokens of kind ${caller.kind}`);
    }
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + lifetimeSeconds;
    const token = await new SignJWT({ caller: callerSchema.parse(caller) })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.service })
      .setIssuer(this.service)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(await this.#ownKey);
    return { token, expiresAt: new Date(expiresAt * 1000) };
  }

  /** This service's own token, made anew before it expires. */
  async own(): Promise<string> {
    if (!this.#own || Date.now() > this.#ownExpiresAtMs - RENEWAL_MARGIN_MS) {
      this.#ownExpiresAtMs = Date.now() + TOKEN_LIFETIME_SECONDS * 1000;
      this.#own = this.issue({ kind: 'service', service: this.service });
    }
    return (await this.#own).token;
  }

  /**
   * Who the token says is calling; synchronous when it was verified before.
   * @throws unauthenticated when it is forged, expired, or signed by a service that may not vouch for that caller.
   */
  verify(token: string): Caller | Promise<Caller> {
    const known = this.#verified.get(token);
    if (known && known.expiresAtMs > Date.now()) return known.caller;
    return this.#verifySignature(token);
  }

  /** When the token ends, in milliseconds since 1970; it must have been verified before. */
  expiryOf(token: string): number | undefined {
    return this.#verified.get(token)?.expiresAtMs;
  }

  async #verifySignature(token: string): Promise<Caller> {
    try {
      let signer: string | undefined;
      const { payload } = await jwtVerify(
        token,
        (header) => {
          signer = header.kid;
          const key = this.#keys.get(header.kid ?? '');
          if (!key) throw new Error('unknown key id');
          return key;
        },
        { algorithms: ['EdDSA'], audience: AUDIENCE, requiredClaims: ['exp', 'iss'] },
      );
      const caller = callerSchema.parse(payload['caller']);
      if (payload.iss !== signer || issuerOf(caller) !== signer) throw new Error('signed by another service');
      this.#verified.set(token, { caller, expiresAtMs: (payload.exp ?? 0) * 1000 });
      return caller;
    } catch (error) {
      throw new DomainError('unauthenticated', { detail: 'Sign in again.' }, error);
    }
  }
}
