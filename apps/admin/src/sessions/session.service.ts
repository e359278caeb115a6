import { randomBytes } from 'node:crypto';
import { adminEvents, adminRpc, DomainError, type RpcInput } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { findInstance } from '../instances/instance.store.js';
import { countAttempt, forgetAttempts } from '../people/attempt.store.js';
import { PasswordService } from '../people/password.service.js';
import { findByEmail, instancesOf, join, lockPerson, type PersonRow } from '../people/person.store.js';
import { CallerChanges } from './caller-changes.service.js';
import {
  deleteSession,
  extendSession,
  findApiToken,
  findSession,
  insertSession,
  moveSession,
  secretHash,
  type BearerRow,
} from './session.store.js';
import { TokenService } from './token.service.js';

const DAY_MS = 86_400_000;
/** A session ends this long after its last use. */
const SESSION_LIFETIME_MS = 14 * DAY_MS;

const signInFailed = () =>
  new DomainError('sign-in-failed', { detail: 'The e-mail address or the password is not right.' });
const signInAgain = () => new DomainError('unauthenticated', { detail: 'Sign in again.' });

@Injectable()
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly passwords: PasswordService,
    private readonly tokens: TokenService,
    private readonly callers: CallerChanges,
  ) {}

  /** The same steps, in the same time, whether the address is somebody's or nobody's. */
  async signIn({ email: typed, password, instanceSlug }: RpcInput<typeof adminRpc.signIn>) {
    const email = typed.toLowerCase();
    const at = this.clock.now();
    const person = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      await countAttempt(tx, email, at);
      return findByEmail(tx, email);
    });
    const isRight = await this.passwords.isRight(password, person?.password_hash);
    if (!isRight || !person) {
      throw signInFailed();
    }
    const sessionToken = randomBytes(32).toString('base64url');
    const expiresAt = new Date(at.getTime() + SESSION_LIFETIME_MS);
    const bearer = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      // A password that is changed at this moment ends this session too, which is not there yet.
      const present = await lockPerson(tx, person.person_id);
      if (present?.password_hash !== person.password_hash) throw signInFailed();
      await forgetAttempts(tx, email);
      const instanceId = await this.#instanceFor(tx, person, instanceSlug, at);
      const tokenHash = secretHash(sessionToken);
      await insertSession(tx, { tokenHash, personId: person.person_id, instanceId, at, expiresAt });
      return findSession(tx, tokenHash, at);
    });
    if (!bearer) throw signInAgain();
    const resolved = await this.tokens.tokenFor(bearer);
    return { ...resolved, sessionToken, sessionExpiresAt: expiresAt.toISOString() };
  }

  async resolve(sessionToken: string) {
    const tokenHash = secretHash(sessionToken);
    const at = this.clock.now();
    const { bearer, expiresAt } = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const found = await findSession(tx, tokenHash, at);
      if (!found) throw signInAgain();
      if (found.expires_at.getTime() - at.getTime() >= SESSION_LIFETIME_MS - DAY_MS)
        return { bearer: found, expiresAt: found.expires_at };
      const later = new Date(at.getTime() + SESSION_LIFETIME_MS);
      await extendSession(tx, tokenHash, later);
      return { bearer: found, expiresAt: later };
    });
    return { ...(await this.tokens.tokenFor(bearer)), sessionExpiresAt: expiresAt.toISOString() };
  }

  async resolveApiToken(apiToken: string) {
    const at = this.clock.now();
    const bearer = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findApiToken(tx, secretHash(apiToken), at),
    );
    return this.#answer(bearer);
  }

  async signOut(sessionToken: string): Promise<Record<string, never>> {
    const tokenHash = secretHash(sessionToken);
    const personId = await this.database.transaction(ALL_INSTANCES, (tx) => deleteSession(tx, tokenHash));
    if (personId) this.callers.tell(personId);
    return {};
  }

  async switchInstance({ sessionToken, slug }: { sessionToken: string; slug: string }) {
    const tokenHash = secretHash(sessionToken);
    const at = this.clock.now();
    const bearer = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const found = await findSession(tx, tokenHash, at);
      if (!found) throw signInAgain();
      await moveSession(tx, tokenHash, await this.#enter(tx, found, slug, at));
      return findSession(tx, tokenHash, at);
    });
    return this.#answer(bearer);
  }

  #answer(bearer: BearerRow | null) {
    if (!bearer) throw signInAgain();
    return this.tokens.tokenFor(bearer);
  }

  async #instanceFor(tx: Tx, person: PersonRow, slug: string | undefined, at: Date): Promise<string | null> {
    if (slug !== undefined) return this.#enter(tx, person, slug, at);
    const [first] = await instancesOf(tx, person.person_id);
    return first ?? null;
  }

  /** Operators act everywhere; anybody else becomes one of the instance's people by entering it. */
  async #enter(
    tx: Tx,
    person: { person_id: string; is_operator: boolean },
    slug: string,
    at: Date,
  ): Promise<string> {
    const instance = await findInstance(tx, { slug });
    if (!instance) {
      throw new DomainError('not-found', { detail: 'There is no such instance.' });
    }
    const { instance_id: instanceId } = instance;
    const personId = person.person_id;
    if (!person.is_operator && (await join(tx, { instanceId, personId, at }))) {
      const data = { personId, registeredAt: at.toISOString() };
      await this.outbox.add(tx, [{ event: adminEvents.personRegistered, instanceId, data }]);
    }
    return instanceId;
  }
}
