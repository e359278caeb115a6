import { randomUUID } from 'node:crypto';
import type { LedgerGift } from '@foodshed/contracts';
import { Clock, Metrics, Outbox } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, testDatabase, type TestDatabase } from '@foodshed/testing';
import { findAccountsOf } from './account.store.js';
import { verifySnapshot } from './commands.service.js';
import { GiftService } from './gift.service.js';
import { HoldService } from './hold.service.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { PostingService } from './posting.service.js';

let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

/** An instance in which a giver has 100.00. */
async function world() {
  const clock = new Clock();
  const outbox = new Outbox(clock);
  const posting = new PostingService(books.database, outbox, clock, new Metrics('ledger'));
  const gifts = new GiftService(books.database, outbox, clock);
  const holds = new HoldService(books.database, outbox, clock);
  const instanceId = randomUUID();
  const bank = accountOf('instance', instanceId, 'bank');
  const administration = accountOf('instance', instanceId, 'administration');
  const giver = accountOf('person', randomUUID(), 'pending');
  const farm = accountOf('enterprise', randomUUID(), 'pending');
  await posting.post({ instanceId, commands: [commandOf([entryOf(bank, 10_000), entryOf(giver, -10_000)])] });
  const gift = (amountMinor: number, change: Partial<LedgerGift> = {}): LedgerGift => ({
    instanceId,
    giftId: randomUUID(),
    occurredAt: new Date().toISOString(),
    from: giver,
    parts: [{ account: farm, amountMinor, line: 'gift' }],
    ...change,
  });
  const standing = async (ref: typeof giver) => {
    const found = await books.database.transaction(instanceId, (tx) => findAccountsOf(tx, ref.owner));
    return found.find(({ account }) => account.purpose === ref.purpose)?.standingMinor ?? null;
  };
  return { gifts, holds, gift, standing, instanceId, giver, farm, bank, administration };
}

const findingsOf = async ({ owner }: TestDatabase) => (await verifySnapshot(owner)).findings;

describe('a gift', () => {
  it('is posted once and whole, with the platform’s part on a line of its own', async () => {
    const { gifts, gift, standing, giver, farm, administration } = await world();
    const given = gift(0, {
      parts: [
        { account: farm, amountMinor: 900, line: 'gift' },
        { account: administration, amountMinor: 100, line: 'platform-part' },
      ],
    });
    const answers = await Promise.all([gifts.post(given), gifts.post(given)]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['exists', 'posted']);
    expect(answers[0]!.transactionId).toBe(answers[1]!.transactionId);
    expect([await standing(giver), await standing(farm), await standing(administration)]).toEqual([
      9_000, 900, 100,
    ]);
    await expect(gifts.post({ ...given, from: farm })).rejects.toMatchObject({
      code: 'business-key-conflict',
    });
    expect(await findingsOf(books)).toEqual([]);
  });

  it('is never more than the giver has and has not earmarked, whoever asks at the same time', async () => {
    const { gifts, holds, gift, standing, instanceId, giver, farm } = await world();
    await holds.place({
      instanceId,
      holdId: randomUUID(),
      account: giver,
      payee: farm,
      refundTo: giver,
      amountMinor: 4_000,
      deadline: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => gifts.post(gift(1_000))));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual([
      'limit-exceeded',
      'limit-exceeded',
    ]);
    expect([await standing(giver), await standing(farm)]).toEqual([4_000, 6_000]);
    const kept = await books.owner.query('select 1 from refusals where instance_id = $1', [instanceId]);
    expect(kept).toEqual([]);
    expect(await findingsOf(books)).toEqual([]);
  });

  it('of somebody without an account is refused, and money that came is given as it is', async () => {
    const { gifts, gift, standing, bank, farm } = await world();
    const nobody = accountOf('person', randomUUID(), 'pending');
    await expect(gifts.post(gift(1, { from: nobody }))).rejects.toMatchObject({
      code: 'limit-exceeded',
      options: { fields: [{ path: 'amountMinor' }] },
    });
    expect(await gifts.post(gift(500, { from: bank }))).toMatchObject({ outcome: 'posted' });
    expect([await standing(bank), await standing(farm)]).toEqual([10_500, 500]);
    expect(await findingsOf(books)).toEqual([]);
  });
});
