import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { CallContext, Payee, Payout, PayoutRun } from '@foodshed/contracts';
import { Clock, Metrics, Outbox, Database } from '@foodshed/platform';
import {
  accountOf,
  commandOf,
  entryOf,
  eventually,
  testDatabase,
  type TestDatabase,
} from '@foodshed/testing';
import { findAccountsOf } from '../account.store.js';
import { verifySnapshot } from '../commands.service.js';
import { HoldService } from '../hold.service.js';
import { CreateLedger1763690400000 } from '../migrations/1763690400000-create-ledger.js';
import { PostingService } from '../posting.service.js';
import { ErasureConsumer } from './erasure.consumer.js';
import { PayeeService } from './payee.service.js';
import { RunService } from './run.service.js';

class StoppedClock extends Clock {
  at = new Date('2026-11-16T10:00:00.000Z');
  override now(): Date {
    return new Date(this.at);
  }
}

const IBAN = 'DE89370400440532013000';
let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

const callersIn =
  (instanceId: string) =>
  (personId: string, roles: ('steward' | 'operator')[] = [], key: string = randomUUID()): CallContext => ({
    caller: {
      kind: 'person',
      personId,
      instance: { id: instanceId, currency: 'EUR', timeZone: 'Europe/Berlin' },
      roles,
      enterpriseIds: [],
    },
    requestId: 'request-1',
    idempotencyKey: key,
    token: '',
  });

/** An instance with an account to pay from, and stewards; what is asked of it goes through `database`. */
async function instance(database: Database = books.database) {
  const clock = new StoppedClock();
  const outbox = new Outbox(clock);
  const posting = new PostingService(books.database, outbox, clock, new Metrics('ledger'));
  const payees = new PayeeService(books.database, clock);
  const runs = new RunService(database, outbox, clock);
  const instanceId = randomUUID();
  const as = callersIn(instanceId);
  const [first, second] = [as(randomUUID(), ['steward']), as(randomUUID(), ['steward'])];
  const settings = { debtorName: 'Our network', debtorIban: IBAN, secondPersonAboveMinor: 5_000 };
  await payees.setSettings(settings, as(randomUUID(), ['operator']));
  const post = (...entries: Parameters<typeof commandOf>[0]) =>
    posting.post({ instanceId, commands: [commandOf(entries)] });
  const person = (id: string, purpose: 'available' | 'pending', amountMinor: number) =>
    entryOf(accountOf('person', id, purpose), amountMinor);
  /** Adds to, or takes from, what somebody has. */
  const earn = (id: string, amountMinor: number, purpose: 'available' | 'pending' = 'available') =>
    post(entryOf(accountOf('instance', instanceId, 'bank'), amountMinor), person(id, purpose, -amountMinor));
  /** What was pending becomes available. */
  const move = (id: string, amountMinor: number) =>
    post(person(id, 'pending', amountMinor), person(id, 'available', -amountMinor));
  const payee = async (amountMinor: number, change: Partial<Payee> = {}): Promise<string> => {
    const ownerId = randomUUID();
    const wishes = {
      way: { kind: 'iban' as const, iban: IBAN, accountName: 'Äcker' },
      minimumMinor: 0,
      schedule: 'daily' as const,
    };
    await payees.set({ ownerKind: 'person', ownerId, ...wishes, ...change }, as(ownerId));
    if (amountMinor !== 0) await earn(ownerId, amountMinor);
    return ownerId;
  };
  const of = async (kind: 'person' | 'instance', id: string, purpose = 'available') => {
    const found = await books.database.transaction(instanceId, (tx) => findAccountsOf(tx, { kind, id }));
    const account = found.find((one) => one.account.purpose === purpose);
    return [account?.standingMinor ?? 0, account?.reservedMinor ?? 0];
  };
  const payoutsOf = async (run: PayoutRun): Promise<Payout[]> =>
    (await runs.run({ runId: run.runId, limit: 200 }, first)).payouts.items;
  const send = async (context = first): Promise<PayoutRun> => {
    const { runId } = await runs.propose({ ...context, idempotencyKey: randomUUID() });
    await runs.change({ runId, state: 'approved' }, second);
    return runs.change({ runId, state: 'sent' }, context);
  };
  return {
    clock,
    outbox,
    instanceId,
    as,
    first,
    second,
    payees,
    runs,
    earn,
    move,
    payee,
    of,
    payoutsOf,
    send,
  };
}
const findings = async () => (await verifySnapshot(books.owner)).findings;

describe('a run of payouts', () => {
  it('reserves, leaves, and is settled or comes back, with one payout for each payee', async () => {
    const { instanceId, first, second, runs, payee, of, payoutsOf } = await instance();
    const [one, other] = [await payee(815), await payee(110)];
    await payee(400, { minimumMinor: 401 });
    const proposed = await runs.propose(first);
    expect(proposed).toMatchObject({
      state: 'proposed',
      totalMinor: 925,
      payoutCount: 2,
      needsSecondPerson: false,
    });
    expect([await of('person', one), await of('person', other)]).toEqual([
      [815, 815],
      [110, 110],
    ]);
    await expect(runs.change({ runId: proposed.runId, state: 'sent' }, first)).rejects.toMatchObject({
      code: 'invalid-state',
    });
    await runs.change({ runId: proposed.runId, state: 'approved' }, second);
    const sent = await runs.change({ runId: proposed.runId, state: 'sent' }, first);
    expect(sent).toMatchObject({ state: 'sent', hasFile: true });
    expect([await of('person', one), await of('instance', instanceId, 'payouts')]).toEqual([
      [0, 0],
      [925, 0],
    ]);
    const { content } = await runs.file(sent, first);
    expect(content).toContain('<CtrlSum>9.25</CtrlSum>');
    expect((await runs.file(sent, second)).content).toBe(content);
    const [paid, back] = await payoutsOf(sent);
    await runs.move({ payoutId: paid!.payoutId, state: 'review' }, first);
    await runs.move({ payoutId: paid!.payoutId, state: 'settled' }, first);
    await runs.move({ payoutId: back!.payoutId, state: 'returned', reason: 'account closed' }, first);
    expect(await of('instance', instanceId, 'payouts')).toEqual([0, 0]);
    expect(await of('person', back!.ownerId)).toEqual([back!.amountMinor, 0]);
    expect((await runs.run({ runId: sent.runId, limit: 1 }, first)).run.state).toBe('closed');
    await expect(runs.move({ payoutId: back!.payoutId, state: 'settled' }, first)).rejects.toMatchObject({
      code: 'invalid-state',
    });
    expect(await findings()).toEqual([]);
  });

  it('fills a negative balance by the next earnings first: 8.15 paid, −8.15, 5.00, 13.40, and 10.25 is paid', async () => {
    const { runs, first, payee, earn, of, payoutsOf, send } = await instance();
    const owner = await payee(815);
    await send();
    await earn(owner, -815);
    await earn(owner, 500);
    await expect(runs.propose(first)).rejects.toMatchObject({ code: 'invalid-state' });
    expect(await of('person', owner)).toEqual([-315, 0]);
    await earn(owner, 1_340);
    expect((await payoutsOf(await send())).map(({ amountMinor }) => amountMinor)).toEqual([1_025]);
    expect(await of('person', owner)).toEqual([0, 0]);
  });

  it('pays nothing that was pledged or spent while it was pending', async () => {
    const { clock, outbox, instanceId, first, second, runs, earn, payee, of, move } = await instance();
    const owner = await payee(0);
    const pending = accountOf('person', owner, 'pending');
    await earn(owner, 500, 'pending');
    const holds = new HoldService(books.database, outbox, clock);
    const hold = {
      instanceId,
      account: pending,
      payee: accountOf('person', randomUUID(), 'pending'),
      refundTo: pending,
    };
    const holdId = randomUUID();
    await holds.place({ ...hold, holdId, amountMinor: 400, deadline: '2027-01-01T00:00:00.000Z' });
    await move(owner, 500);
    expect([await of('person', owner, 'pending'), await of('person', owner)]).toEqual([
      [0, 400],
      [500, 0],
    ]);
    const run = await runs.propose(first);
    expect(run.totalMinor).toBe(100);
    await runs.change({ runId: run.runId, state: 'cancelled' }, second);
    await holds.settle({ instanceId, holdId, amountMinor: 400 });
    expect(await of('person', owner, 'pending')).toEqual([-400, 0]);
    expect((await runs.propose({ ...first, idempotencyKey: randomUUID() })).totalMinor).toBe(100);
  });

  it('of two at once pays everybody once, and has each entry in at most one payout', async () => {
    const { instanceId, as, runs, payee, of } = await instance();
    const owners = await Promise.all([100, 200, 300].map((amount) => payee(amount)));
    const key = randomUUID();
    const [steward, other] = [randomUUID(), randomUUID()];
    const answers = await Promise.allSettled([
      runs.propose(as(steward, ['steward'], key)),
      runs.propose(as(steward, ['steward'], randomUUID())),
      runs.propose(as(other, ['steward'])),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const owner of owners) {
      const [standing, reserved] = await of('person', owner);
      expect(reserved).toBe(standing);
    }
    const [claims] = await books.database.queryIn<{ claims: number; entries: number }>(
      instanceId,
      `select count(*) as claims, count(distinct (account_id, version)) as entries from payout_entries`,
    );
    expect(claims).toEqual({ claims: 3, entries: 3 });
  });

  it('above the limit needs a second person, and every run does where nobody set a limit', async () => {
    const { runs, first, second, payee } = await instance();
    await payee(5_001);
    const { runId } = await runs.propose(first);
    await expect(runs.change({ runId, state: 'approved' }, first)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await runs.change({ runId, state: 'approved' }, second)).toMatchObject({ state: 'approved' });
  });

  it('that is cancelled, or whose holds expired, leaves nothing reserved and sends nothing', async () => {
    const { clock, outbox, runs, first, second, payee, of } = await instance();
    const owner = await payee(700);
    const cancelled = await runs.propose(first);
    await runs.change({ runId: cancelled.runId, state: 'cancelled' }, second);
    expect(await of('person', owner)).toEqual([700, 0]);
    const { runId } = await runs.propose({ ...first, idempotencyKey: randomUUID() });
    await runs.change({ runId, state: 'approved' }, second);
    clock.at = new Date('2026-12-20T10:00:00.000Z');
    await new HoldService(books.database, outbox, clock).expireOverdue();
    expect(await runs.change({ runId, state: 'sent' }, first)).toMatchObject({
      state: 'closed',
      hasFile: false,
    });
    expect(await of('person', owner)).toEqual([700, 0]);
    expect(await findings()).toEqual([]);
  });

  it('waits as long as a payee wants between payouts', async () => {
    const { clock, runs, first, payee, earn, send } = await instance();
    const owner = await payee(100, { schedule: 'weekly' });
    await send();
    await earn(owner, 100);
    clock.at = new Date('2026-11-22T10:00:00.000Z');
    await expect(runs.propose(first)).rejects.toMatchObject({ code: 'invalid-state' });
    clock.at = new Date('2026-11-23T09:00:00.000Z');
    expect(await send()).toMatchObject({ totalMinor: 100 });
  });
});

describe('a crash', () => {
  /** The books of a service whose connection breaks at its n-th statement. */
  async function breakingAt(statement: number): Promise<Database> {
    const database = await Database.open({ url: books.appUrl, schema: 'ledger', poolSize: 1 });
    let count = 0;
    const client = await database.pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    client.on('error', () => undefined);
    Object.assign(client, {
      query: (...args: unknown[]) => {
        count += 1;
        if (count === statement) stream.destroy();
        return query(...args);
      },
    });
    client.release();
    return database;
  }

  it('between any two statements loses nothing, doubles nothing, and the same asked again goes on', async () => {
    type Ask = (
      runs: RunService,
      at: Awaited<ReturnType<typeof instance>>,
      runId: string,
    ) => Promise<unknown>;
    const asks: Record<string, Ask> = {
      proposed: (runs, { first }) => runs.propose(first),
      approved: (runs, { second }, runId) => runs.change({ runId, state: 'approved' }, second),
      sent: (runs, { first }, runId) => runs.change({ runId, state: 'sent' }, first),
    };
    let broken = 0;
    const note = () => {
      broken += 1;
    };
    for (let statement = 1; statement <= 9; statement++) {
      const at = await instance();
      const owner = await at.payee(815);
      let runId = '';
      for (const [state, ask] of Object.entries(asks)) {
        const database = await breakingAt(statement);
        await ask(new RunService(database, at.outbox, at.clock), at, runId).catch(note);
        await database.close().catch(() => undefined);
        // Until Postgres has noticed, the first request counts as still running.
        await eventually(() => ask(at.runs, at, runId));
        const { items } = await at.runs.runs({ limit: 10 }, at.first);
        expect(items.map((run) => run.state)).toEqual([state]);
        runId = items[0]!.runId;
      }
      const [payout] = await at.payoutsOf({ runId } as PayoutRun);
      for (const state of ['review', 'settled', 'returned'] as const) {
        const database = await breakingAt(statement);
        const change = { payoutId: payout!.payoutId, state };
        await new RunService(database, at.outbox, at.clock).move(change, at.first).catch(note);
        await database.close().catch(() => undefined);
        expect(await at.runs.move(change, at.first)).toMatchObject({ state });
      }
      expect(await at.of('person', owner)).toEqual([815, 0]);
      expect(await at.of('instance', at.instanceId, 'payouts')).toEqual([0, 0]);
    }
    expect(broken).toBeGreaterThan(24);
    expect(await findings()).toEqual([]);
  }, 120_000);
});

describe('where somebody is paid', () => {
  it('is seen and changed by themselves only, and refused with the field when it is no account', async () => {
    const { as, first, payees, payee } = await instance();
    const ownerId = await payee(0);
    const owner = { ownerKind: 'person' as const, ownerId };
    expect(await payees.get(owner, as(ownerId))).toMatchObject({ payee: { way: { iban: IBAN } } });
    await expect(payees.get(owner, first)).rejects.toMatchObject({ code: 'forbidden' });
    const wishes = { ...owner, minimumMinor: 0, schedule: 'daily' as const };
    const wrong = {
      ...wishes,
      way: { kind: 'iban' as const, iban: 'DE88370400440532013000', accountName: 'A' },
    };
    await expect(payees.set(wrong, as(ownerId))).rejects.toMatchObject({
      code: 'invalid-input',
      options: { fields: [{ path: 'way.iban' }] },
    });
  });

  it('is forgotten with the person, and kept for ten years where it was paid', async () => {
    const { instanceId, clock, as, payees, payee, send } = await instance();
    const ownerId = await payee(300);
    await send();
    const eraser = new ErasureConsumer(books.database, clock);
    const data = { personId: ownerId, erasedAt: clock.at.toISOString() };
    await books.database.transaction('*', (tx) =>
      eraser.erase(tx, [{ id: '', instanceId, occurredAt: '', subject: '', data }]),
    );
    expect(await payees.get({ ownerKind: 'person', ownerId }, as(ownerId))).toEqual({ payee: null });
    const kept = async () => (await books.database.queryIn(instanceId, 'select 1 from payout_files')).length;
    clock.at = new Date('2036-11-16T09:00:00.000Z');
    await eraser.forget();
    expect(await kept()).toBe(1);
    clock.at = new Date('2036-11-16T11:00:00.000Z');
    await eraser.forget();
    expect(await kept()).toBe(0);
  });
});
