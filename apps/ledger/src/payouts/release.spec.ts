import { randomUUID } from 'node:crypto';
import type { CallContext, PostingCommand } from '@foodshed/contracts';
import { Clock, Metrics, Outbox, type RpcClient } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, keyFor, testDatabase, type TestDatabase } from '@foodshed/testing';
import fc from 'fast-check';
import { findAccountsOf } from '../account.store.js';
import { verifySnapshot } from '../commands.service.js';
import { CreateLedger1763690400000 } from '../migrations/1763690400000-create-ledger.js';
import { PostingService } from '../posting.service.js';
import { ConfirmationService } from './confirmation.service.js';
import { FulfilmentConsumer } from './fulfilment.consumer.js';
import { ReleaseService } from './release.service.js';

class StoppedClock extends Clock {
  at = new Date('2026-11-01T10:00:00.000Z');
  override now(): Date {
    return this.at;
  }
}

/** Stands for commission, where no test here asks it: what it says is told to `learn`. */
const nobody = {} as RpcClient;

let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

type Sold = { orderId: string; captureId: string; version?: number };

/** Sales of one producer, as `soldMinor` in one capture, of which the manager earns a twelfth. */
function saleIn(of: Record<'instanceId' | 'producer' | 'hub' | 'manager', string> & { clock: Clock }) {
  return (sold: Sold, soldMinor: number, holder: 'bank' | 'till' = 'bank'): PostingCommand => {
    const share = Math.trunc(soldMinor / 12);
    const holds =
      holder === 'till'
        ? accountOf('enterprise', of.hub, 'till')
        : accountOf('instance', of.instanceId, 'bank');
    return commandOf(
      [
        entryOf(holds, soldMinor),
        entryOf(accountOf('enterprise', of.producer, 'pending'), share - soldMinor, { line: 'goods' }),
        entryOf(accountOf('person', of.manager, 'pending'), -share, { line: 'share', shareId: 'referral' }),
      ],
      {
        key: keyFor({ producerId: of.producer, version: 1, ...sold }),
        occurredAt: of.clock.now().toISOString(),
      },
    );
  };
}

/** An instance with a producer, a hub that took the order, its manager, and what their books and jobs are. */
function network() {
  const clock = new StoppedClock();
  const outbox = new Outbox(clock);
  const posting = new PostingService(books.database, outbox, clock, new Metrics('ledger'));
  const releases = new ReleaseService(books.database, outbox, clock, nobody);
  const confirmations = new ConfirmationService(books.database, outbox, clock);
  const [instanceId, producer, hub, manager, steward] = Array.from({ length: 5 }, () => randomUUID());
  const as = (
    personId: string,
    rest: { enterpriseIds?: string[]; isSteward?: boolean } = {},
  ): CallContext => ({
    caller: {
      kind: 'person',
      personId,
      instance: { id: instanceId!, currency: 'EUR', timeZone: 'Europe/Berlin' },
      roles: rest.isSteward ? ['steward'] : [],
      enterpriseIds: rest.enterpriseIds ?? [],
    },
    requestId: 'request-1',
    token: '',
  });
  const sale = saleIn({ instanceId: instanceId!, producer: producer!, hub: hub!, manager: manager!, clock });
  const fulfil = (orderId: string) =>
    books.database.transaction('*', (tx) =>
      new FulfilmentConsumer().note(tx, [
        {
          id: '',
          instanceId: instanceId!,
          occurredAt: '',
          subject: '',
          data: { orderId, hubId: hub!, producerIds: [], fulfilledAt: clock.at.toISOString() },
        },
      ]),
    );
  const learn = (orderId: string, holdDays: number) =>
    releases.learn({ instanceId: instanceId!, orderIds: [orderId], items: [{ orderId, holdDays }] });
  /** What pending and available show of an owner, in minor units. */
  const of = async (kind: 'person' | 'enterprise', id: string): Promise<[number, number]> => {
    const found = await books.database.transaction(instanceId!, (tx) => findAccountsOf(tx, { kind, id }));
    const [pending, available] = (['pending', 'available'] as const).map(
      (purpose) => found.find(({ account }) => account.purpose === purpose)?.standingMinor ?? 0,
    );
    return [pending!, available!];
  };
  const work = async () => {
    await releases.follow();
    await releases.release();
  };
  const post = (...commands: PostingCommand[]) => posting.post({ instanceId: instanceId!, commands });
  const people = {
    producer: producer!,
    hub: hub!,
    manager: manager!,
    steward: as(steward!, { isSteward: true }),
  };
  return {
    ...people,
    instanceId: instanceId!,
    clock,
    confirmations,
    as,
    sale,
    fulfil,
    learn,
    of,
    work,
    post,
  };
}

const capture = () => ({ orderId: randomUUID(), captureId: randomUUID() });
const findings = async () => (await verifySnapshot(books.owner)).findings;

describe('earnings', () => {
  it('of a hold of 14 days from 2026-11-01T10:00Z become available at exactly 2026-11-15T10:00Z', async () => {
    const { clock, confirmations, steward, producer, manager, sale, fulfil, learn, of, work, post } =
      network();
    const sold = capture();
    await post(sale(sold, 1_200));
    await fulfil(sold.orderId);
    await learn(sold.orderId, 14);
    await work();
    await confirmations.confirm({ captureIds: [sold.captureId] }, steward);
    clock.at = new Date('2026-11-15T09:59:59.999Z');
    await work();
    expect([await of('enterprise', producer), await of('person', manager)]).toEqual([
      [1_100, 0],
      [100, 0],
    ]);
    clock.at = new Date('2026-11-15T10:00:00.000Z');
    await Promise.all([work(), work()]);
    expect([await of('enterprise', producer), await of('person', manager)]).toEqual([
      [0, 1_100],
      [0, 100],
    ]);
    const [released] = await books.database.queryIn<{ occurred_at: Date }>(
      '*',
      `select occurred_at from transactions where business_key like 'release:' || $1 || ':%'`,
      [sold.orderId],
    );
    expect(released!.occurred_at.toISOString()).toBe('2026-11-15T10:00:00.000Z');
    expect(await findings()).toEqual([]);
  });

  it('are void when the order is refunded on day 10 of the hold', async () => {
    const { clock, confirmations, steward, producer, sale, fulfil, learn, of, work, post } = network();
    const sold = capture();
    await post(sale(sold, 1_200));
    await fulfil(sold.orderId);
    await learn(sold.orderId, 14);
    await work();
    await confirmations.confirm({ captureIds: [sold.captureId] }, steward);
    clock.at = new Date('2026-11-11T10:00:00.000Z');
    await post(sale({ ...sold, version: 2 }, -1_200));
    clock.at = new Date('2026-11-15T10:00:00.000Z');
    await work();
    expect(await of('enterprise', producer)).toEqual([0, 0]);
  });

  it('that were available are taken back by a later refund, below nothing too, and the next earnings fill it', async () => {
    const { clock, confirmations, steward, producer, sale, fulfil, learn, of, work, post } = network();
    const [first, next] = [capture(), capture()];
    for (const sold of [first, next]) {
      await post(sale(sold, 1_200));
      await fulfil(sold.orderId);
      await learn(sold.orderId, 0);
      await work();
      await confirmations.confirm({ captureIds: [sold.captureId] }, steward);
      await work();
    }
    expect(await of('enterprise', producer)).toEqual([0, 2_200]);
    clock.at = new Date('2026-11-20T10:00:00.000Z');
    await post(sale({ ...first, version: 2 }, -1_200));
    await work();
    expect(await of('enterprise', producer)).toEqual([0, 1_100]);
    await work();
    expect(await of('enterprise', producer)).toEqual([0, 1_100]);
  });

  it('wait for whichever of hand-over, money and hold comes last, in any order, however often it is looked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['post', 'fulfil', 'learn', 'confirm'], { minLength: 4 }),
        fc.boolean(),
        async (steps, isRefunded) => {
          const { confirmations, steward, producer, sale, fulfil, learn, of, work, post } = network();
          const sold = capture();
          const done = new Set<string>();
          const late: string[] = [];
          for (const step of steps) {
            // Nobody confirms what is not there, and nobody knows the hold of what was not handed over.
            if ((step === 'confirm' && !done.has('post')) || (step === 'learn' && !done.has('fulfil'))) {
              late.push(step);
              continue;
            }
            if (step === 'post') await post(sale(sold, 1_200));
            if (step === 'fulfil') await fulfil(sold.orderId);
            if (step === 'learn') await learn(sold.orderId, 0);
            if (step === 'confirm') await confirmations.confirm({ captureIds: [sold.captureId] }, steward);
            done.add(step);
            await work();
          }
          for (const step of late) {
            expect(await of('enterprise', producer)).toEqual([1_100, 0]);
            if (step === 'learn') await learn(sold.orderId, 0);
            else await confirmations.confirm({ captureIds: [sold.captureId] }, steward);
          }
          if (isRefunded) await post(sale({ ...sold, version: 2 }, -600));
          await work();
          expect(await of('enterprise', producer)).toEqual([0, isRefunded ? 550 : 1_100]);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});

describe('cash in a till', () => {
  it('is confirmed when the hub says it handed it over and the instance says it received it', async () => {
    const { hub, manager, producer, confirmations, steward, as, sale, fulfil, learn, of, work, post } =
      network();
    const sold = [capture(), capture()];
    for (const one of sold) {
      await post(sale(one, 1_200, 'till'));
      await fulfil(one.orderId);
      await learn(one.orderId, 0);
    }
    await work();
    const hosts = as(manager, { enterpriseIds: [hub] });
    const captureIds = sold.map(({ captureId }) => captureId);
    const waiting = await confirmations.unconfirmed({ hubId: hub, limit: 50 }, hosts);
    expect(waiting.items.map(({ amountMinor }) => amountMinor)).toEqual([1_200, 1_200]);
    await expect(confirmations.confirm({ captureIds }, steward)).rejects.toMatchObject({
      code: 'invalid-input',
      options: { fields: [{ path: 'captureIds.0' }, { path: 'captureIds.1' }] },
    });
    const { handoverId } = await confirmations.record({ hubId: hub, captureIds }, hosts);
    await expect(confirmations.record({ hubId: hub, captureIds }, hosts)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await confirmations.answer({ handoverId, state: 'refused' }, steward);
    await work();
    expect(await of('enterprise', producer)).toEqual([2_200, 0]);
    const again = await confirmations.record({ hubId: hub, captureIds }, hosts);
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => confirmations.answer({ handoverId: again.handoverId, state: 'received' }, steward)),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await work();
    expect(await of('enterprise', producer)).toEqual([0, 2_200]);
    const till = await books.database.queryIn(
      '*',
      `select balance_minor from accounts where owner_id = $1 and purpose = 'till'`,
      [hub],
    );
    expect(till).toEqual([{ balance_minor: 0 }]);
    await expect(confirmations.answer({ handoverId, state: 'received' }, steward)).rejects.toMatchObject({
      code: 'invalid-state',
    });
    expect(await findings()).toEqual([]);
  });

  it('is shown to its managers and stewards only', async () => {
    const { hub, manager, confirmations, as, steward } = network();
    const page = { limit: 10 };
    await expect(confirmations.unconfirmed({ hubId: hub, ...page }, as(manager))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      confirmations.unconfirmed(page, as(manager, { enterpriseIds: [hub] })),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(confirmations.handovers(page, steward)).resolves.toEqual({ items: [], nextCursor: null });
    await expect(
      confirmations.record({ hubId: hub, captureIds: [randomUUID()] }, steward),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
