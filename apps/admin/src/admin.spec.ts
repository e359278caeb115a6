import { createHash } from 'node:crypto';
import { adminRpc, noInstance, requireEnterprise, type Caller, type DomainError } from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import { testDatabase, testNats, type TestDatabase, type TestNats } from '@foodshed/testing';
import { AdminWorld, partsOf, password, person, refusal, visitor } from './admin.fixture.js';
import { migrations } from './migrations/migrations.js';
import { bootstrapOperator } from './system/operator.service.js';

let nats: TestNats;
let db: TestDatabase;
let world: AdminWorld;

beforeAll(async () => {
  [nats, db] = await Promise.all([testNats(), testDatabase('admin', migrations)]);
  world = await AdminWorld.start({ nats, db });
}, 60_000);

afterAll(async () => {
  await world?.close();
  await Promise.all([db?.close(), nats?.close()]);
});

const call: AdminWorld['call'] = (...given) => world.call(...given);
const newInstance = () => world.newInstance();
const newPerson = (...given: Parameters<AdminWorld['newPerson']>) => world.newPerson(...given);
const signIn = (...given: Parameters<AdminWorld['signIn']>) => world.signIn(...given);

describe('Instances', () => {
  it('are made by operators and seen by everybody', async () => {
    const instance = await newInstance();
    const seen = await call(adminRpc.getInstance, { slug: instance.slug }, visitor(noInstance));
    expect(seen).toEqual(instance);
    const listed = await call(adminRpc.listInstances, { limit: 200 }, visitor(noInstance));
    expect(listed.items).toContainEqual(instance);
    const steward = person(newId(), instance, 'steward');
    const { id: _id, ...again } = instance;
    expect((await refusal(call(adminRpc.createInstance, again, steward))).code).toBe('forbidden');
    const operator = person(newId(), instance, 'operator');
    const taken = await refusal(call(adminRpc.createInstance, again, operator));
    expect(taken).toMatchObject({ code: 'already-exists', options: { fields: [{ path: 'slug' }] } });
    expect((await refusal(call(adminRpc.getInstance, { slug: 'nowhere' }, visitor(noInstance)))).code).toBe(
      'not-found',
    );
  });
});

describe('The first operator', () => {
  it('is named by a command that may be repeated, and then acts in every instance', async () => {
    const operator = { email: 'root@example.org', password, displayName: 'Root', at: new Date() };
    const first = await bootstrapOperator(db.database, operator);
    expect(await bootstrapOperator(db.database, operator)).toEqual({
      personId: first.personId,
      changed: false,
    });
    const instance = await newInstance();
    const { sessionToken, session } = await signIn(operator.email);
    expect(session.roles).toEqual(['operator']);
    const moved = await call(adminRpc.switchInstance, { sessionToken, slug: instance.slug });
    expect(moved.session.instance).toEqual(instance);
    const members = await call(
      adminRpc.listPeople,
      { limit: 10 },
      person(first.personId, instance, 'operator'),
    );
    expect(members.items).toEqual([]);
  });
});

describe('Signing in', () => {
  it('gives a token that says who, where, with which roles and enterprises, for ten minutes', async () => {
    const instance = await newInstance();
    const { personId, email, displayName } = await newPerson(instance);
    const managed = [newId(), newId()];
    world.setManaged(...managed);
    const answer = await signIn(` ${email.toUpperCase()} `);
    expect(await world.tokens.gateway.verify(answer.token)).toEqual({
      kind: 'person',
      personId,
      instance: partsOf(instance),
      roles: [],
      enterpriseIds: managed,
    });
    const lifetimeMs = Date.parse(answer.tokenExpiresAt) - Date.now();
    expect(lifetimeMs).toBeGreaterThan(590_000);
    expect(lifetimeMs).toBeLessThanOrEqual(600_000);
    expect(answer.session).toEqual({
      person: { personId, displayName, email },
      instance,
      roles: [],
      enterprises: [],
    });
    const resolved = await call(adminRpc.resolveSession, { sessionToken: answer.sessionToken });
    expect(resolved.session).toEqual(answer.session);
    world.setManaged();
  });

  it('works while hubs is away, with a token for a minute that refuses nobody for what is not known', async () => {
    const { email } = await newPerson(await newInstance());
    const enterpriseId = newId();
    world.setManaged(enterpriseId);
    const entering = async (): Promise<string> => {
      const { token, tokenExpiresAt, session } = await signIn(email);
      const caller = await world.tokens.gateway.verify(token);
      const lasts = Date.parse(tokenExpiresAt) - Date.now() <= 60_000 ? 'a minute' : 'longer';
      const known = session.enterprisesUnknown ? 'unknown' : 'known';
      try {
        requireEnterprise({ caller, requestId: newId(), token }, enterpriseId);
        return `enters; ${known}, ${lasts}`;
      } catch (error) {
        return `${(error as DomainError).code}; ${known}, ${lasts}`;
      }
    };
    await world.withoutHubs(async () => {
      expect(await entering()).toBe('dependency-unavailable; unknown, a minute');
    });
    expect(await entering()).toBe('enters; known, longer');
    world.setManaged();
    expect(await entering()).toBe('forbidden; known, longer');
  });

  it('answers the same for a wrong password and for an address nobody has, and takes as long', async () => {
    const { email } = await newPerson(await newInstance());
    const timeOf = async (address: string) => {
      const began = performance.now();
      const error = await refusal(signIn(address, 'not the password'));
      return { error, tookMs: performance.now() - began };
    };
    const known = [await timeOf(email), await timeOf(email), await timeOf(email)];
    const unknown = [await timeOf('nobody@example.org'), await timeOf('nobody@example.org')];
    const [first] = known;
    for (const { error } of [...known, ...unknown]) {
      expect({ ...error.toProblem(), requestId: '' }).toEqual({ ...first!.error.toProblem(), requestId: '' });
    }
    const fastest = (times: { tookMs: number }[]) => Math.min(...times.map(({ tookMs }) => tookMs));
    expect(fastest(unknown)).toBeGreaterThan(fastest(known) / 3);
  });

  it.each(['known', 'unknown'])(
    'locks a(n) %s address after ten failures at once, and opens it again',
    async (kind) => {
      const { email } =
        kind === 'known' ? await newPerson(await newInstance()) : { email: `${newId()}@example.org` };
      const attempts = Array.from({ length: 15 }, () => refusal(signIn(email, 'not the password')));
      const codes = (await Promise.all(attempts)).map(({ code }) => code).sort();
      expect(codes).toEqual([...Array(5).fill('locked-out'), ...Array(10).fill('sign-in-failed')]);
      const locked = await refusal(signIn(email));
      expect(locked.code).toBe('locked-out');
      expect(locked.options.retryAfterSeconds).toBeGreaterThan(0);
      world.clock.setOffset(61_000);
      try {
        if (kind === 'known') await expect(signIn(email)).resolves.toHaveProperty('sessionToken');
        else expect((await refusal(signIn(email))).code).toBe('sign-in-failed');
      } finally {
        world.clock.setOffset(0);
      }
    },
  );

  it('keeps secrets by their hash only, and ends sessions when they are over', async () => {
    const { email } = await newPerson(await newInstance());
    const { sessionToken } = await signIn(email);
    const rows = await everyRow();
    expect(rows).not.toContain(sessionToken);
    expect(rows).not.toContain(password);
    world.clock.setOffset(14 * 86_400_000 + 1);
    try {
      expect((await refusal(call(adminRpc.resolveSession, { sessionToken }))).code).toBe('unauthenticated');
    } finally {
      world.clock.setOffset(0);
    }
    await call(adminRpc.signOut, { sessionToken });
    expect((await refusal(call(adminRpc.resolveSession, { sessionToken }))).code).toBe('unauthenticated');
  });

  it('leaves one instance for another, where the person becomes a buyer', async () => {
    const [first, second] = [await newInstance(), await newInstance()];
    const { personId, email } = await newPerson(first);
    const { sessionToken } = await signIn(email);
    const { session } = await call(adminRpc.switchInstance, { sessionToken, slug: second.slug });
    expect(session.instance?.id).toBe(second.id);
    const members = await call(adminRpc.listPeople, { limit: 10 }, person(newId(), second, 'steward'));
    expect(members.items.map((each) => each.personId)).toEqual([personId]);
  });

  it('lets programs in by tokens that can be revoked', async () => {
    const instance = await newInstance();
    const { personId } = await newPerson(instance);
    const me = person(personId, instance);
    const { apiTokenId, token } = await call(adminRpc.createApiToken, { name: 'till', expiresInDays: 1 }, me);
    const resolved = await call(adminRpc.resolveApiToken, { apiToken: token });
    expect(resolved.session.person.personId).toBe(personId);
    const listed = await call(adminRpc.listApiTokens, { limit: 10 }, me);
    expect(listed.items).toMatchObject([{ apiTokenId, name: 'till', lastUsedAt: expect.any(String) }]);
    const stranger = person((await newPerson(instance)).personId, instance);
    expect((await refusal(call(adminRpc.revokeApiToken, { apiTokenId }, stranger))).code).toBe('not-found');
    await call(adminRpc.revokeApiToken, { apiTokenId }, me);
    expect((await refusal(call(adminRpc.resolveApiToken, { apiToken: token }))).code).toBe('unauthenticated');
  });
});

describe('People', () => {
  it('register once with one address', async () => {
    const instance = await newInstance();
    const { email } = await newPerson(instance);
    const again = { displayName: 'Somebody', email: email.toUpperCase(), password, emailIsVerified: false };
    const taken = await refusal(call(adminRpc.registerPerson, again, visitor(instance)));
    expect(taken).toMatchObject({ code: 'already-exists', options: { fields: [{ path: 'email' }] } });
    expect(JSON.stringify(taken.toProblem())).not.toContain(email);
    const nowhere = await refusal(call(adminRpc.registerPerson, again, visitor(noInstance)));
    expect(nowhere.code).toBe('invalid-state');
  });

  it('come in by an invitation that works once, and can be given again before it is used', async () => {
    const instance = await newInstance();
    const steward = person(newId(), instance, 'steward');
    const input = { displayName: 'Guest', email: `guest.${newId()}@example.org` };
    const old = await call(adminRpc.invitePerson, input, steward);
    const { invitation, personId } = await call(adminRpc.invitePerson, input, steward);
    expect(personId).toBe(old.personId);
    const accept = (given: string) =>
      call(adminRpc.acceptInvitation, { invitation: given, password }, visitor(instance));
    expect((await refusal(accept(old.invitation))).code).toBe('not-found');
    await accept(invitation);
    expect((await refusal(accept(invitation))).code).toBe('not-found');
    expect((await signIn(input.email)).session.person.personId).toBe(personId);
    expect((await refusal(call(adminRpc.invitePerson, input, steward))).code).toBe('already-exists');
  });

  it('change their name freely, and their address or password with the present password only', async () => {
    const instance = await newInstance();
    const { personId, email } = await newPerson(instance);
    const me = person(personId, instance);
    const { sessionToken } = await signIn(email);
    expect(await call(adminRpc.updateMe, { displayName: 'Countess' }, me)).toMatchObject({
      displayName: 'Countess',
      email,
    });
    const wrong = await refusal(call(adminRpc.updateMe, { newPassword: 'another long secret' }, me));
    expect(wrong).toMatchObject({
      code: 'invalid-input',
      options: { fields: [{ path: 'currentPassword' }] },
    });
    const other = await newPerson(instance);
    const taken = await refusal(
      call(adminRpc.updateMe, { email: other.email, currentPassword: password }, me),
    );
    expect(taken.code).toBe('already-exists');
    await call(adminRpc.updateMe, { newPassword: 'another long secret', currentPassword: password }, me);
    expect((await refusal(call(adminRpc.resolveSession, { sessionToken }))).code).toBe('unauthenticated');
    await expect(signIn(email, 'another long secret')).resolves.toBeDefined();
  });

  it('get roles from stewards and operators, each within their rights', async () => {
    const instance = await newInstance();
    const { personId, email } = await newPerson(instance);
    const steward = person(newId(), instance, 'steward');
    const operator = person(newId(), instance, 'operator');
    const setRoles = (roles: ('steward' | 'operator')[], by: Caller) =>
      call(adminRpc.setRoles, { personId, roles }, by);
    expect(await setRoles(['steward'], steward)).toEqual({ personId, roles: ['steward'] });
    expect((await signIn(email)).session.roles).toEqual(['steward']);
    expect((await refusal(setRoles(['operator'], steward))).code).toBe('forbidden');
    expect(await setRoles(['operator'], operator)).toEqual({ personId, roles: ['operator'] });
    expect((await refusal(setRoles([], steward))).code).toBe('forbidden');
    const elsewhere = person(newId(), await newInstance(), 'steward');
    expect((await refusal(setRoles(['steward'], elsewhere))).code).toBe('not-found');
    expect(await setRoles([], operator)).toEqual({ personId, roles: [] });
  });

  it('are named to stewards of their own instance, and have contacts for hubs only', async () => {
    const instance = await newInstance();
    const { personId, displayName } = await newPerson(instance);
    const names = (by: Caller) => call(adminRpc.getPeople, { personIds: [personId] }, by);
    expect((await names(person(newId(), instance, 'steward'))).items).toEqual([{ personId, displayName }]);
    expect((await names(person(newId(), await newInstance(), 'steward'))).items).toEqual([]);
    const asOperator = person(newId(), instance, 'operator');
    const here = { instanceId: instance.id, personId };
    expect((await refusal(call(adminRpc.getContact, here, asOperator))).code).toBe('forbidden');
    expect((await refusal(call(adminRpc.getContact, here))).code).toBe('forbidden');
    const elsewhere = { instanceId: (await newInstance()).id, personId };
    expect(await world.callAsHubs(adminRpc.getContact, here)).toMatchObject({
      displayName,
      emailVerifiedAt: null,
    });
    expect((await refusal(world.callAsHubs(adminRpc.getContact, elsewhere))).code).toBe('not-found');
    const asked = (instanceId?: string) =>
      world.callAsHubs(adminRpc.getPeople, { personIds: [personId], instanceId });
    expect((await asked(instance.id)).items).toEqual([{ personId, displayName }]);
    expect((await asked(elsewhere.instanceId)).items).toEqual([]);
    expect((await refusal(asked())).code).toBe('invalid-input');
  });
});

async function everyRow(): Promise<string> {
  return db.database.transaction(ALL_INSTANCES, async (tx) => {
    const tables = await rowsOf<{ name: string }>(
      tx,
      `select tablename as name from pg_tables where schemaname = 'admin'`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      texts.push(
        ...(await rowsOf<{ row: string }>(tx, `select t::text as row from ${name} t`)).map(({ row }) => row),
      );
    }
    return texts.join('\n');
  });
}

describe('Erasing a person', () => {
  it('leaves their id, and neither name nor contact in any column of any table', async () => {
    const instance = await newInstance();
    const { personId, email, displayName } = await newPerson(instance);
    const me = person(personId, instance);
    await signIn(email);
    await refusal(signIn(email, 'not the password'));
    await call(adminRpc.updateMe, { displayName: `${displayName}, of Ockham` }, me);
    await call(adminRpc.createApiToken, { name: `token of ${displayName}`, expiresInDays: 1 }, me);
    expect(await everyRow()).toContain(displayName);
    const erased = await call(adminRpc.erasePerson, { personId }, me);
    const rows = await everyRow();
    expect(rows).toContain(personId);
    const hashed = createHash('sha256').update(email).digest('hex');
    for (const trace of [email, displayName, 'of Ockham', hashed]) expect(rows).not.toContain(trace);
    expect((await refusal(signIn(email))).code).toBe('sign-in-failed');
    const steward = person(newId(), instance, 'steward');
    expect(await call(adminRpc.erasePerson, { personId }, steward)).toEqual(erased);
    expect((await call(adminRpc.listPeople, { limit: 10 }, steward)).items).toEqual([]);
    const audit = await call(adminRpc.listAudit, { limit: 50 }, steward);
    expect(audit.items.map(({ action }) => action)).toContain('person-erased');
  });

  it('is for oneself, for stewards within their instance, and for operators', async () => {
    const [instance, second] = [await newInstance(), await newInstance()];
    const { personId, email } = await newPerson(instance);
    const erase = (by: Caller) => refusal(call(adminRpc.erasePerson, { personId }, by));
    expect((await erase(person(newId(), instance))).code).toBe('forbidden');
    expect((await erase(person(newId(), second, 'steward'))).code).toBe('not-found');
    const { sessionToken } = await signIn(email);
    await call(adminRpc.switchInstance, { sessionToken, slug: second.slug });
    expect((await erase(person(newId(), instance, 'steward'))).code).toBe('forbidden');
    await call(adminRpc.erasePerson, { personId }, person(newId(), second, 'operator'));
  });
});

describe('The walls between instances', () => {
  it('hide people, tokens, the log and the read model of another instance, and refuse rows for it', async () => {
    const [own, other] = [await newInstance(), await newInstance()];
    const { personId } = await newPerson(other);
    await call(adminRpc.createApiToken, { name: 'program', expiresInDays: 1 }, person(personId, other));
    const seen = await db.database.transaction(own.id, (tx) =>
      rowsOf(
        tx,
        `select person_id from memberships union all select person_id from persons
                  union all select api_token_id from api_tokens union all select audit_id from audit_entries where instance_id = $1
                  union all select person_id from sessions`,
        [other.id],
      ),
    );
    expect(seen).toEqual([]);
    const smuggle = db.database.transaction(own.id, (tx) =>
      rowsOf(tx, 'insert into memberships (instance_id, person_id, joined_at) values ($1, $2, now())', [
        other.id,
        personId,
      ]),
    );
    await expect(smuggle).rejects.toThrow(/row-level security/);
  });

  it('keep the log as it was written', async () => {
    await newPerson(await newInstance());
    for (const sql of [`update audit_entries set action = 'nothing'`, 'delete from audit_entries']) {
      await expect(db.owner.transaction(ALL_INSTANCES, (tx) => rowsOf(tx, sql))).rejects.toThrow(
        /append-only/,
      );
    }
  });
});

describe('The system', () => {
  it("refuses to move a machine's own clock, and says which services answer", async () => {
    const operator = person(newId(), noInstance, 'operator');
    expect((await refusal(call(adminRpc.setClock, { offsetMs: 5 }, operator))).code).toBe('invalid-state');
    const health = await call(adminRpc.getSystemHealth, {}, operator);
    const ready = health.services.filter(({ isReady }) => isReady).map(({ service }) => service);
    expect(ready.sort()).toEqual(['admin', 'hubs']);
    expect(health).toMatchObject({ isHealthy: false, clock: { offsetMs: 0, isSimulated: false } });
  });
});
