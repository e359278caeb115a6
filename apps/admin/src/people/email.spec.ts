import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminRpc, callersChanged, type EventData, type hubsEvents } from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import {
  eventually,
  testDatabase,
  testNats,
  testRedis,
  type TestDatabase,
  type TestNats,
} from '@foodshed/testing';
import { SMTPServer } from 'smtp-server';
import { AdminConfig } from '../admin.config.js';
import { AdminWorld, password, person, refusal, visitor } from '../admin.fixture.js';
import { MailPort } from '../mail/mail-port.service.js';
import { migrations } from '../migrations/migrations.js';
import { UpkeepJobs } from '../system/upkeep.jobs.js';

interface Received {
  readonly to: string;
  readonly text: string;
}

let nats: TestNats;
let db: TestDatabase;
let world: AdminWorld;
let smtp: SMTPServer;
const received: Received[] = [];
/** Addresses that the mail server does not take mails for. */
const refused = new Set<string>();

async function startSmtp(): Promise<string> {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      if (refused.has(address)) return done(Object.assign(new Error(`no ${address}`), { responseCode: 451 }));
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        // Long lines are broken with `=` in quoted-printable text.
        const text = Buffer.concat(chunks).toString().replace(/=\r\n/g, '').replace(/=3D/g, '=');
        received.push(...session.envelope.rcptTo.map(({ address }) => ({ to: address, text })));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  return `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const [smtpUrl, redis] = await Promise.all([startSmtp(), testRedis()]);
  [nats, db] = await Promise.all([testNats(), testDatabase('admin', migrations)]);
  const mail = { publicUrl: 'https://food.example/', from: 'Foodshed <no-reply@food.example>', smtpUrl };
  jest.spyOn(AdminConfig, 'read').mockReturnValue(new AdminConfig(false, mail));
  world = await AdminWorld.start({ nats, db, redisUrl: redis.url });
}, 60_000);

afterAll(async () => {
  await world?.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await Promise.all([db?.close(), nats?.close()]);
});

const LINK = /https:\/\/food\.example\/verify-email#([A-Za-z0-9_-]{43})/;
const mailsTo = (email: string) => received.filter(({ to }) => to === email);
/** The secret in the newest of so many mails to the address. */
const secretSentTo = (email: string, mails = 1): Promise<string> =>
  eventually(() => {
    const sent = mailsTo(email);
    expect(sent).toHaveLength(mails);
    return LINK.exec(sent.at(-1)!.text)![1]!;
  });
const verify = (secret: string) => world.call(adminRpc.verifyEmail, { secret }, visitor(somewhere));
const rows = <R>(sql: string, params: unknown[] = []) =>
  db.database.transaction(ALL_INSTANCES, (tx) => rowsOf<R>(tx, sql, params));

let somewhere: Awaited<ReturnType<AdminWorld['newInstance']>>;
beforeEach(async () => {
  somewhere = await world.newInstance();
});

describe('An e-mail address', () => {
  it('is verified by the link that is sent to it, once, and services hear of it', async () => {
    const { personId, email } = await world.newPerson(somewhere);
    const me = person(personId, somewhere);
    expect(await world.call(adminRpc.getMe, {}, me)).toMatchObject({ emailVerifiedAt: null });
    const secret = await secretSentTo(email);
    const [mail] = mailsTo(email);
    expect(mail?.text).not.toContain('Lovelace');
    const { emailVerifiedAt } = await verify(secret);
    expect(await world.call(adminRpc.getMe, {}, me)).toMatchObject({ emailVerifiedAt });
    const contact = { instanceId: somewhere.id, personId };
    expect(await world.callAsHubs(adminRpc.getContact, contact)).toMatchObject({ emailVerifiedAt });
    const events = await rows<{ payload: object }>(
      `select payload from outbox where subject = 'admin.events.email-verified.v1' and instance_id = $1`,
      [somewhere.id],
    );
    expect(events).toEqual([{ payload: { personId, verifiedAt: emailVerifiedAt } }]);
    expect((await refusal(verify(secret))).code).toBe('not-found');
    const texts = await rows<{ text: string }>(
      `select t::text as text from mails t union all select v::text from email_verifications v`,
    );
    expect(JSON.stringify(texts)).not.toContain(secret);
    expect(JSON.stringify(texts)).not.toContain(email);
  });

  it('is not verified by a link that is too old', async () => {
    const { email } = await world.newPerson(somewhere);
    const secret = await secretSentTo(email);
    world.clock.setOffset(3 * 86_400_000 + 1_000);
    try {
      expect((await refusal(verify(secret))).code).toBe('not-found');
    } finally {
      world.clock.setOffset(0);
    }
  });

  it('is verified anew when it is changed; the link to the old one is worth nothing', async () => {
    const { personId, email } = await world.newPerson(somewhere);
    const me = person(personId, somewhere);
    const old = await secretSentTo(email);
    const other = `other.${email}`;
    const changed = await world.call(adminRpc.updateMe, { email: other, currentPassword: password }, me);
    expect(changed).toMatchObject({ email: other, emailVerifiedAt: null });
    expect((await refusal(verify(old))).code).toBe('not-found');
    await verify(await secretSentTo(other));
    const again = await world.call(adminRpc.updateMe, { email, currentPassword: password }, me);
    expect(again.emailVerifiedAt).toBeNull();
    const renamed = await world.call(adminRpc.updateMe, { displayName: 'Countess' }, me);
    expect(renamed.emailVerifiedAt).toBeNull();
    await verify(await secretSentTo(email, 2));
    const same = await world.call(adminRpc.updateMe, { email, displayName: 'Ada' }, me);
    expect(same.emailVerifiedAt).not.toBeNull();
  });

  it('is sent another link when asked for, once a minute at most', async () => {
    const { personId, email } = await world.newPerson(somewhere);
    const me = person(personId, somewhere);
    const first = await secretSentTo(email);
    const ask = () => world.call(adminRpc.requestEmailVerification, {}, me);
    expect(await refusal(ask())).toMatchObject({ code: 'rate-limited' });
    world.clock.setOffset(61_000);
    try {
      await ask();
      await secretSentTo(email, 2);
      await verify(first);
      world.clock.setOffset(200_000);
      await ask();
      expect(mailsTo(email)).toHaveLength(2);
    } finally {
      world.clock.setOffset(0);
    }
  });

  it('is sent its link again by the poll when the mail server refused it, without a word about whose it is', async () => {
    const email = `late.${newId()}@example.org`;
    refused.add(email);
    const input = { displayName: 'Late', email, password, emailIsVerified: false };
    const { personId } = await world.call(adminRpc.registerPerson, input, visitor(somewhere));
    await eventually(async () => {
      const [mail] = await rows<{ attempts: number }>('select attempts from mails where person_id = $1', [
        personId,
      ]);
      expect(mail?.attempts).toBe(1);
    });
    refused.delete(email);
    // Schedules look at once for what has become due when time moves.
    world.clock.setOffset(120_000);
    try {
      await verify(await secretSentTo(email));
    } finally {
      world.clock.setOffset(0);
    }
    const port = MailPort.of({ publicUrl: '', from: 'a@b.example', smtpUrl: 'smtp://127.0.0.1:1' });
    const failing = port.send({ mailId: 'm', to: email, subject: '', text: '' });
    await expect(failing).rejects.toThrow(/^The mail server did not accept the mail m: \w+$/);
  });

  it('is asked for in the language in which they registered, or chose since', async () => {
    const email = `lue.${newId()}@example.org`;
    const input = { displayName: 'Lue', email, password, language: 'fr' as const, emailIsVerified: false };
    const { personId } = await world.call(adminRpc.registerPerson, input, visitor(somewhere));
    await secretSentTo(email);
    expect(mailsTo(email)[0]!.text).toContain('Ouvrez cette page');
    const me = person(personId, somewhere);
    expect(await world.call(adminRpc.getMe, {}, me)).toMatchObject({ language: 'fr' });
    expect(await world.call(adminRpc.updateMe, { language: 'en' }, me)).toMatchObject({ language: 'en' });
    const other = `other.${newId()}@example.org`;
    await world.call(adminRpc.updateMe, { email: other, currentPassword: password }, me);
    await secretSentTo(other);
    expect(mailsTo(other)[0]!.text).toContain('Open this page');
  });

  it('is removed from what was sent, as file and row, when the person is erased or it is long ago', async () => {
    const forgotten = jest.spyOn(world.part(MailPort), 'forget');
    const [erased, old] = [await world.newPerson(somewhere), await world.newPerson(somewhere)];
    await Promise.all([secretSentTo(erased.email), secretSentTo(old.email)]);
    const mailOf = async ({ personId }: { personId: string }) =>
      (await rows<{ mail_id: string }>('select mail_id from mails where person_id = $1', [personId]))[0]
        ?.mail_id;
    const [mail, oldMail] = [await mailOf(erased), await mailOf(old)];
    await world.call(adminRpc.erasePerson, { personId: erased.personId }, person(erased.personId, somewhere));
    expect(forgotten).toHaveBeenCalledWith([mail]);
    await rows(`update mails set created_at = created_at - interval '8 days' where mail_id = $1`, [oldMail]);
    await world.part(UpkeepJobs).removeExpired();
    expect(forgotten.mock.calls.flat(2)).toContain(oldMail);
    expect([await mailOf(erased), await mailOf(old)]).toEqual([undefined, undefined]);
  });

  it('is vouched for by operators, and by nobody else', async () => {
    const input = {
      displayName: 'Known',
      email: `known.${newId()}@example.org`,
      password,
      emailIsVerified: true,
    };
    for (const caller of [visitor(somewhere), person(newId(), somewhere, 'steward')]) {
      expect((await refusal(world.call(adminRpc.registerPerson, input, caller))).code).toBe('forbidden');
    }
    const operator = person(newId(), somewhere, 'operator');
    const { personId } = await world.call(adminRpc.registerPerson, input, operator);
    const contact = { instanceId: somewhere.id, personId };
    expect((await world.callAsHubs(adminRpc.getContact, contact)).emailVerifiedAt).not.toBeNull();
    expect(await rows('select 1 from mails where person_id = $1', [personId])).toEqual([]);
  });

  it('is not verified by accepting an invitation that somebody handed over', async () => {
    const steward = person(newId(), somewhere, 'steward');
    const email = `guest.${newId()}@example.org`;
    const { invitation, personId } = await world.call(
      adminRpc.invitePerson,
      { displayName: 'Guest', email },
      steward,
    );
    expect(mailsTo(email)).toEqual([]);
    await world.call(adminRpc.acceptInvitation, { invitation, password }, visitor(somewhere));
    expect(await world.call(adminRpc.getMe, {}, person(personId, somewhere))).toMatchObject({
      emailVerifiedAt: null,
    });
    await verify(await secretSentTo(email));
  });

  it('without a mail server is sent its link as a file', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'foodshed-mail-')), 'mail');
    const port = MailPort.of({ publicUrl: '', from: 'a@b.example', folder });
    await port.send({ mailId: 'm', to: 'c@d.example', subject: 'Hello', text: 'There' });
    expect(readdirSync(folder)).toEqual(['m.txt']);
    expect(readFileSync(join(folder, 'm.txt'), 'utf8')).toBe(
      'From: a@b.example\nTo: c@d.example\nSubject: Hello\n\nThere\n',
    );
    await port.forget(['m', 'never']);
    expect(readdirSync(folder)).toEqual([]);
    await expect(MailPort.of({ publicUrl: '', from: '' }).send({ mailId: 'm' } as never)).rejects.toThrow(
      'SMTP_URL',
    );
  });
});

describe('What ends access', () => {
  const told: string[] = [];
  beforeAll(() => {
    world.bus.connection.subscribe(callersChanged.byAdmin.subject, {
      callback: (_error, message) => void told.push(...message.json<{ personIds: string[] }>().personIds),
    });
  });
  beforeEach(() => void told.splice(0));

  it('a new password ends every other session and every API token, in every instance, and gateways hear it', async () => {
    const second = await world.newInstance();
    const { personId, email } = await world.newPerson(somewhere);
    const [own, other] = [await world.signIn(email), await world.signIn(email)];
    const tokens: string[] = [];
    for (const instance of [somewhere, second]) {
      const input = { name: 'till', expiresInDays: 1 };
      tokens.push((await world.call(adminRpc.createApiToken, input, person(personId, instance))).token);
    }
    const change = {
      newPassword: 'another long secret',
      currentPassword: password,
      sessionToken: own.sessionToken,
    };
    await world.call(adminRpc.updateMe, change, person(personId, somewhere));
    const resolve = (sessionToken: string) => world.call(adminRpc.resolveSession, { sessionToken });
    await expect(resolve(own.sessionToken)).resolves.toBeDefined();
    expect((await refusal(resolve(other.sessionToken))).code).toBe('unauthenticated');
    for (const apiToken of tokens)
      expect((await refusal(world.call(adminRpc.resolveApiToken, { apiToken }))).code).toBe(
        'unauthenticated',
      );
    await eventually(() => expect(told).toContain(personId));
  });

  it('a sign-in with the old password that runs while it is changed opens no session that lasts', async () => {
    const { personId, email } = await world.newPerson(somewhere);
    const change = { newPassword: 'another long secret', currentPassword: password };
    const opened = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => world.signIn(email)),
      world.call(adminRpc.updateMe, change, person(personId, somewhere)),
      ...Array.from({ length: 4 }, () => world.signIn(email)),
    ]);
    expect(opened[4]?.status).toBe('fulfilled');
    expect(await rows('select 1 from sessions where person_id = $1', [personId])).toEqual([]);
  });

  it('signing out, losing a role, revoking a token and being erased are heard by gateways at once', async () => {
    const { personId, email } = await world.newPerson(somewhere);
    const me = person(personId, somewhere);
    const heard = async (work: () => Promise<unknown>) => {
      told.splice(0);
      await work();
      await eventually(() => expect(told).toEqual([personId]));
    };
    const { sessionToken } = await world.signIn(email);
    await heard(() => world.call(adminRpc.signOut, { sessionToken }));
    const steward = person(newId(), somewhere, 'steward');
    await heard(() => world.call(adminRpc.setRoles, { personId, roles: ['steward'] }, steward));
    const { apiTokenId } = await world.call(adminRpc.createApiToken, { name: 'till', expiresInDays: 1 }, me);
    await heard(() => world.call(adminRpc.revokeApiToken, { apiTokenId }, me));
    await heard(() => world.call(adminRpc.erasePerson, { personId }, me));
  });
});

describe('The audit log', () => {
  it('keeps who invited somebody to manage an enterprise, and who accepted', async () => {
    const [enterpriseId, invitationId, inviter, invited] = [newId(), newId(), newId(), newId()];
    const told = (change: EventData<typeof hubsEvents.managersChanged>['change'], actorId: string) =>
      world.managersChanged(somewhere.id, {
        ...{ enterpriseId, invitationId, change, actorId },
        changedAt: new Date().toISOString(),
      });
    await told('invited', inviter);
    await told('invitation-accepted', invited);
    const steward = person(newId(), somewhere, 'steward');
    await eventually(async () => {
      const { items } = await world.call(adminRpc.listAudit, { limit: 10 }, steward);
      const facts = { invitationId };
      const entry = { objectKind: 'enterprise', objectId: enterpriseId, facts };
      expect(items).toMatchObject([
        { ...entry, action: 'manager-invitation-accepted', actorId: invited },
        { ...entry, action: 'manager-invited', actorId: inviter },
        { action: 'instance-created' },
      ]);
    });
  });
});
