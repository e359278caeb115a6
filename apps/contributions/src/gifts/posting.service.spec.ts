import { randomUUID } from 'node:crypto';
import { DomainError, type LedgerGift } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Outbox, rowsOf, type RpcClient } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { CreateContributions1763690700000 } from '../migrations/1763690700000-create-contributions.js';
import { eraseWords, findGift, insertGift, type Gift } from './gift.store.js';
import { PostingService } from './posting.service.js';

const away = () => new DomainError('dependency-unavailable');

/** A ledger that keeps each gift once, and can be away before it writes, or after. */
class Ledger {
  readonly posted = new Map<string, LedgerGift>();
  balanceMinor = 1_000;
  failBefore = 0;
  failAfter = 0;

  async call(_rpc: unknown, gift: LedgerGift): Promise<{ transactionId: string }> {
    if (this.failBefore-- > 0) throw away();
    const total = gift.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    if (!this.posted.has(gift.giftId)) {
      if (total > this.balanceMinor) throw new DomainError('limit-exceeded');
      this.balanceMinor -= total;
      this.posted.set(gift.giftId, gift);
    }
    if (this.failAfter-- > 0) throw away();
    return { transactionId: gift.giftId };
  }
}

class MovedClock extends Clock {
  at = Date.parse('2026-11-02T10:00:00.000Z');
  override now(): Date {
    return new Date(this.at);
  }
}

let rows: TestDatabase;
beforeAll(async () => {
  rows = await testDatabase('contributions', [CreateContributions1763690700000]);
}, 90_000);
afterAll(() => rows.close());

const inAll = <T>(work: Parameters<typeof rows.database.transaction<T>>[1]) =>
  rows.database.transaction(ALL_INSTANCES, work);

function world() {
  const clock = new MovedClock();
  const ledger = new Ledger();
  const posting = new PostingService(rows.database, clock, new Outbox(clock), ledger as unknown as RpcClient);
  const gift = async (amountMinor: number, change: Partial<Gift> = {}): Promise<Gift> => {
    const made: Gift = {
      instanceId: randomUUID(),
      giftId: randomUUID(),
      giver: { kind: 'person', id: randomUUID() },
      receiver: { kind: 'enterprise', id: randomUUID() },
      receiverName: 'Farm',
      state: 'posting',
      amountMinor,
      platformPartMinor: 0,
      currency: 'EUR',
      source: 'balance',
      hubId: null,
      holder: null,
      isUnnamed: false,
      message: 'Thank you',
      answer: null,
      answeredAt: null,
      givenBy: randomUUID(),
      promisedAt: clock.now().toISOString(),
      givenAt: clock.now().toISOString(),
      transactionId: null,
      returns: null,
      hidesReceiver: false,
      parts: [{ kind: 'enterprise', id: randomUUID(), weight: 1, amountMinor }],
      ...change,
    };
    await inAll((tx) => insertGift(tx, made));
    return made;
  };
  const stateOf = async ({ giftId }: Gift) => (await inAll((tx) => findGift(tx, giftId)))?.state;
  const toldOf = async ({ instanceId }: Gift) =>
    (await inAll((tx) => rowsOf(tx, 'select payload from outbox where instance_id = $1', [instanceId])))
      .length;
  return { clock, ledger, posting, gift, stateOf, toldOf };
}

describe('a gift that was decided', () => {
  it.each(['failBefore', 'failAfter'] as const)(
    'is posted and told of once, however often the ledger was away (%s)',
    async (moment) => {
      const { clock, ledger, posting, gift, stateOf, toldOf } = world();
      const one = await gift(400);
      ledger[moment] = 3;
      await posting.postNow(one.giftId);
      expect(await stateOf(one)).toBe('posting');
      clock.at += 60_000;
      await expect(posting.postAll()).rejects.toMatchObject({ code: 'dependency-unavailable' });
      ledger[moment] = 0;
      await Promise.all([posting.postAll(), posting.postAll(), posting.postNow(one.giftId)]);
      expect([await stateOf(one), await toldOf(one), ledger.balanceMinor]).toEqual(['given', 1, 600]);
    },
  );

  it('is left alone while its first question may still be answered', async () => {
    const { clock, ledger, posting, gift, stateOf } = world();
    const one = await gift(400);
    await posting.postAll();
    expect([await stateOf(one), ledger.posted.size]).toEqual(['posting', 0]);
    clock.at += 60_000;
    await posting.postAll();
    expect(await stateOf(one)).toBe('given');
  });

  it('is refused where the balance is short, and the others go on', async () => {
    const { clock, posting, gift, stateOf, toldOf } = world();
    const gifts: Gift[] = [];
    for (const amountMinor of [900, 200, 100]) {
      gifts.push(await gift(amountMinor));
      clock.at += 1;
    }
    clock.at += 60_000;
    await posting.postAll();
    expect(await Promise.all(gifts.map(stateOf))).toEqual(['given', 'refused', 'given']);
    expect(await Promise.all(gifts.map(toldOf))).toEqual([1, 0, 1]);
  });
});

describe('the words of a gift', () => {
  it('go with whoever wrote them or was written to, and those of others stay', async () => {
    const { gift } = world();
    const leaving = randomUUID();
    const gifts = [
      await gift(1, { giver: { kind: 'person', id: leaving } }),
      await gift(1, { givenBy: leaving }),
      await gift(1, { receiver: { kind: 'person', id: leaving } }),
      await gift(1),
    ];
    await inAll((tx) => eraseWords(tx, [leaving]));
    const left = await Promise.all(gifts.map(({ giftId }) => inAll((tx) => findGift(tx, giftId))));
    expect(left.map((one) => one?.message)).toEqual(['', '', '', 'Thank you']);
  });
});
