import { randomUUID } from 'node:crypto';
import { DomainError, ledgerRpc } from '@foodshed/contracts';
import { Clock, Metrics, Outbox } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, testDatabase, type TestDatabase } from '@foodshed/testing';
import { findAccountsOf } from './account.store.js';
import { HoldService } from './hold.service.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { verifySnapshot } from './commands.service.js';
import { PostingService } from './posting.service.js';

/** A clock that stands where it is put. */
class StoppedClock extends Clock {
  at = new Date('2026-11-02T10:00:00.000Z');
  override now(): Date {
    return this.at;
  }
}

const DEADLINE = '2026-11-09T10:00:00.000Z';

let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

/** An instance in which a funder has 100.00 and nobody else anything. */
async function funded() {
  const clock = new StoppedClock();
  const outbox = new Outbox(clock);
  const posting = new PostingService(books.database, outbox, clock, new Metrics('ledger'));
  const holds = new HoldService(books.database, outbox, clock);
  const instanceId = randomUUID();
  const [funder, developer, supporter] = [randomUUID(), randomUUID(), randomUUID()];
  const account = accountOf('enterprise', funder, 'pending');
  const payee = accountOf('person', developer, 'pending');
  await posting.post({
    instanceId,
    commands: [
      commandOf([entryOf(accountOf('instance', instanceId, 'bank'), 10_000), entryOf(account, -10_000)]),
    ],
  });
  const hold = (amountMinor: number, refundTo = account) => ({
    instanceId,
    holdId: randomUUID(),
    account,
    payee,
    refundTo,
    amountMinor,
    deadline: DEADLINE,
  });
  const of = async (ref: typeof account) => {
    const found = await books.database.transaction(instanceId, (tx) => findAccountsOf(tx, ref.owner));
    return found.map(({ standingMinor, reservedMinor }) => [standingMinor, reservedMinor])[0];
  };
  return { clock, posting, holds, instanceId, account, payee, supporter, hold, of };
}

const findingsOf = async ({ owner }: TestDatabase) => (await verifySnapshot(owner)).findings;
const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : String(error));

describe('a hold', () => {
  it('reserves what is there and no more, whoever asks at the same time', async () => {
    const { holds, hold, of, account } = await funded();
    const answers = await Promise.allSettled(Array.from({ length: 15 }, () => holds.place(hold(1_000))));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.map(({ reason }) => codeOf(reason))).toEqual(
      Array.from({ length: 5 }, () => 'limit-exceeded'),
    );
    expect(await of(account)).toEqual([10_000, 10_000]);
  });

  it('pays the payee when it is settled, and gives the rest back', async () => {
    const { holds, hold, of, account, payee, supporter } = await funded();
    const refundTo = accountOf('person', supporter, 'pending');
    const placed = hold(4_000, refundTo);
    await holds.place(placed);
    const answer = await holds.settle({ ...placed, amountMinor: 3_000 });
    const { hold: settled } = ledgerRpc.settleHold.output.parse(answer);
    expect(settled).toMatchObject({ state: 'settled', settledMinor: 3_000, payee, refundTo });
    expect(await of(account)).toEqual([6_000, 0]);
    expect(await of(payee)).toEqual([3_000, 0]);
    expect(await of(refundTo)).toEqual([1_000, 0]);
  });

  it('goes back whole when it is voided, without an entry when it goes back to its own account', async () => {
    const { holds, hold, of, account } = await funded();
    const placed = hold(4_000);
    await holds.place(placed);
    expect(await holds.void(placed)).toMatchObject({
      outcome: 'done',
      hold: { state: 'voided', transactionId: null },
    });
    expect(await of(account)).toEqual([10_000, 0]);
  });

  it('expires to refund-to at its deadline, not a millisecond before, and is not settled after it', async () => {
    const { clock, holds, hold, of, account, supporter } = await funded();
    const refundTo = accountOf('person', supporter, 'pending');
    const placed = hold(4_000, refundTo);
    await holds.place(placed);
    clock.at = new Date(Date.parse(DEADLINE) - 1);
    await holds.expireOverdue();
    expect(await of(account)).toEqual([10_000, 4_000]);
    clock.at = new Date(DEADLINE);
    await expect(holds.settle({ ...placed, amountMinor: 1 })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    expect(await holds.expireOverdue()).toBeGreaterThanOrEqual(1);
    expect(await holds.expireOverdue()).toBe(0);
    expect(await of(account)).toEqual([6_000, 0]);
    expect(await of(refundTo)).toEqual([4_000, 0]);
  });

  it('is resolved exactly once under races', async () => {
    const { clock, holds, hold, of, account, payee } = await funded();
    for (let round = 0; round < 10; round++) {
      const placed = hold(500);
      await holds.place(placed);
      clock.at = round % 2 === 0 ? clock.at : new Date(clock.at.getTime() + 1);
      const answers = await Promise.allSettled([
        holds.settle({ ...placed, amountMinor: 500 }),
        holds.void(placed),
        holds.settle({ ...placed, amountMinor: 499 }),
        holds.settle({ ...placed, amountMinor: 500 }),
        holds.void(placed),
      ]);
      const done = answers.filter(
        (answer) => answer.status === 'fulfilled' && answer.value.outcome === 'done',
      );
      const refused = answers.filter((answer) => answer.status === 'rejected');
      expect(done).toHaveLength(1);
      expect(refused.map(({ reason }) => codeOf(reason))).toEqual(refused.map(() => 'invalid-state'));
    }
    const [standing, reserved] = (await of(account))!;
    const [paid] = (await of(payee)) ?? [0];
    expect([standing! + paid!, reserved]).toEqual([10_000, 0]);
  });

  it('answers exists to a repetition and names what differs otherwise', async () => {
    const { holds, hold } = await funded();
    const placed = hold(700);
    await holds.place(placed);
    expect(await holds.place(placed)).toMatchObject({ outcome: 'exists' });
    const other = await holds.place({ ...placed, amountMinor: 701 }).catch((error: unknown) => error);
    expect(other).toMatchObject({
      code: 'business-key-conflict',
      options: { fields: [{ path: 'amountMinor' }] },
    });
    await expect(holds.void({ ...placed, holdId: randomUUID() })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is settled with others and paid on by parts, all of it or nothing, once', async () => {
    const { holds, hold, instanceId, of, account, payee, supporter } = await funded();
    const pitch = accountOf('pitch', randomUUID(), 'pending');
    const placed = [hold(4_000), hold(3_000)].map((one) => ({ ...one, payee: pitch }));
    for (const one of placed) await holds.place(one);
    const second = accountOf('person', supporter, 'pending');
    const parts = [
      { account: payee, amountMinor: 5_000 },
      { account: second, amountMinor: 2_000 },
    ];
    const payout = {
      instanceId,
      payoutId: randomUUID(),
      holdIds: placed.map(({ holdId }) => holdId),
      parts,
    };
    const short = { ...payout, parts: parts.slice(0, 1) };
    await expect(holds.settleAll(short)).rejects.toMatchObject({ code: 'unbalanced' });
    await expect(holds.settleAll({ ...payout, holdIds: [randomUUID()] })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await of(account)).toEqual([10_000, 7_000]);

    const answers = await Promise.all([holds.settleAll(payout), holds.settleAll(payout)]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'exists']);
    expect(answers[0]).toMatchObject({ settledMinor: 7_000, transactionId: answers[1]?.transactionId });
    expect(await of(account)).toEqual([3_000, 0]);
    expect([await of(payee), await of(second), await of(pitch)]).toEqual([
      [5_000, 0],
      [2_000, 0],
      [0, 0],
    ]);
    expect(await holds.get(placed[0]!)).toMatchObject({
      state: 'settled',
      settledMinor: 4_000,
      payee: pitch,
    });
    const other = [
      { account: payee, amountMinor: 2_000 },
      { account: second, amountMinor: 5_000 },
    ];
    await expect(holds.settleAll({ ...payout, parts: other })).rejects.toMatchObject({
      code: 'business-key-conflict',
      options: { fields: [{ path: 'parts' }] },
    });
    await expect(holds.settleAll({ ...payout, payoutId: randomUUID() })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    expect(await findingsOf(books)).toEqual([]);
  });

  it('is not settled with others when one of them is over or has its deadline behind it', async () => {
    const { clock, holds, hold, instanceId, of, account, payee } = await funded();
    const placed = [hold(4_000), hold(3_000)];
    for (const one of placed) await holds.place(one);
    const payout = {
      instanceId,
      payoutId: randomUUID(),
      holdIds: placed.map(({ holdId }) => holdId),
      parts: [{ account: payee, amountMinor: 7_000 }],
    };
    await holds.void(placed[1]!);
    await expect(holds.settleAll(payout)).rejects.toMatchObject({ code: 'invalid-state' });
    clock.at = new Date(DEADLINE);
    const alone = {
      ...payout,
      holdIds: [placed[0]!.holdId],
      parts: [{ account: payee, amountMinor: 4_000 }],
    };
    await expect(holds.settleAll(alone)).rejects.toMatchObject({ code: 'invalid-state' });
    expect(await of(account)).toEqual([10_000, 4_000]);
  });
});
