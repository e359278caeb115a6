import { randomUUID } from 'node:crypto';
import {
  hubsRpc,
  type CallContext,
  type InstanceRole,
  type LedgerCommand,
  type MapArrow,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Metrics, Outbox, rowsOf, type RpcClient } from '@foodshed/platform';
import {
  accountOf,
  commandOf,
  entryOf,
  keyFor,
  testDatabase,
  testingConfig,
  type TestDatabase,
} from '@foodshed/testing';
import { CreateLedger1763690400000 } from '../migrations/1763690400000-create-ledger.js';
import { PostingService } from '../posting.service.js';
import { ValueMapService } from './value-map.service.js';

class StoppedClock extends Clock {
  at = new Date('2026-10-10T08:00:00.000Z');
  override now(): Date {
    return this.at;
  }
}

/** Orders of the measurement, `LONG=1` only; two producers each. */
const MEASURED_ORDERS = 100_000;
const instanceId = randomUUID();
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
const [producers, hubs, managers] = [ids(4), ids(3), ids(3)];
const clock = new StoppedClock();

let books: TestDatabase;
let posting: PostingService;
let maps: ValueMapService;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
  posting = new PostingService(books.database, new Outbox(clock), clock, new Metrics('ledger'));
  const rpc = {
    call: (called: unknown, { personIds }: { personIds: string[] }) => {
      expect(called).toBe(hubsRpc.listHubsOfManagers);
      const items = personIds.map((personId) => ({
        personId,
        hubIds: [hubs[managers.indexOf(personId)] ?? randomUUID()],
      }));
      return Promise.resolve({ items });
    },
  };
  maps = new ValueMapService(books.database, clock, rpc as unknown as RpcClient);
}, 90_000);
afterAll(() => books.close());

const as = (roles: InstanceRole[], enterpriseIds: string[] = []): CallContext => ({
  caller: {
    kind: 'person',
    personId: randomUUID(),
    instance: { id: instanceId, currency: 'EUR', timeZone: 'Europe/Berlin' },
    roles,
    enterpriseIds,
  },
  requestId: 'request-1',
  token: '',
});
const steward = as(['steward']);

/** A sale of 20.00 of a producer: 1.67 for a hub's manager, 1.62 for administration. */
function sale(producer: number, hub: number, { sign = 1, orderId = randomUUID() } = {}): LedgerCommand {
  return commandOf(
    [
      entryOf(accountOf('instance', instanceId, 'bank'), sign * 2_000),
      entryOf(accountOf('enterprise', producers[producer]!, 'pending'), sign * -1_671, { line: 'goods' }),
      entryOf(accountOf('person', managers[hub]!, 'pending'), sign * -167, {
        line: 'share',
        shareId: 'referral',
      }),
      entryOf(accountOf('instance', instanceId, 'administration'), sign * -162, {
        line: 'share',
        shareId: 'platform',
      }),
    ],
    { key: keyFor({ orderId, producerId: producers[producer]!, version: sign === 1 ? 1 : 2 }) },
  );
}
const hubFee = (hub: number): LedgerCommand =>
  commandOf(
    [
      entryOf(accountOf('enterprise', hubs[hub]!, 'till'), 50),
      entryOf(accountOf('enterprise', hubs[hub]!, 'pending'), -50, { line: 'hub-fee' }),
    ],
    { key: keyFor({ kind: 'hub-fee', producerId: null }) },
  );
const post = (...commands: LedgerCommand[]) => posting.post({ instanceId, commands });
const sums = (arrows: readonly MapArrow[]) =>
  arrows.map(({ from, to, amountMinor }) => [from.id ?? from.kind, to.id ?? to.kind, amountMinor]);

describe('the value map', () => {
  it('is what was recorded in the period, in the time zone of the instance, refunds taken off', async () => {
    const refunded = randomUUID();
    await post(sale(0, 0), sale(1, 0), sale(2, 1, { orderId: refunded }), hubFee(0));
    clock.at = new Date('2026-10-31T22:59:59.999Z');
    await post(sale(2, 1, { sign: -1, orderId: refunded }), sale(2, 2));
    clock.at = new Date('2026-10-31T23:00:00.000Z');
    await post(sale(3, 0));
    const october = await maps.map({ level: 'hubs', from: '2026-10-01', to: '2026-10-31' }, steward);
    expect(sums(october.arrows)).toEqual([
      ['buyers', 'producers', 6_000],
      ['producers', 'administration', 486],
      ['producers', hubs[0], 334],
      ['producers', hubs[2], 167],
      ['buyers', hubs[0], 50],
      ['producers', hubs[1], 0],
    ]);
    expect([october.untilBatch, october.units]).toEqual([2, ['EUR']]);
    const november = await maps.map({ level: 'functions', from: '2026-11-01' }, steward);
    expect(sums(november.arrows)[0]).toEqual(['buyers', 'producers', 2_000]);
    const nothing = await maps.map({ level: 'functions', to: '2026-09-30' }, steward);
    expect([nothing.arrows, nothing.untilBatch]).toEqual([[], 0]);
  });

  it('opens each arrow: its entries add up to it, page by page', async () => {
    const view = { level: 'functions' as const, from: '2026-10-01', to: '2026-10-31' };
    const { arrows } = await maps.map(view, steward);
    for (const arrow of arrows) {
      const asked = { ...view, giver: arrow.from, receiver: arrow.to, line: arrow.line, limit: 2 };
      const query = arrow.shareId === null ? asked : { ...asked, shareId: arrow.shareId };
      let [sum, count, cursor] = [0, 0, undefined as string | undefined];
      do {
        const page = await maps.entries({ ...query, cursor }, steward);
        sum += page.items.reduce((total, { amountMinor }) => total + amountMinor, 0);
        count += page.items.length;
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect([arrow.from.kind, arrow.to.kind, sum, count]).toEqual([
        arrow.from.kind,
        arrow.to.kind,
        arrow.amountMinor,
        arrow.entries,
      ]);
    }
  });

  it('shows the public whole months that are over, and never what fewer than three earned', async () => {
    clock.at = new Date('2026-11-21T09:00:00.000Z');
    const shown = await maps.map({ level: 'functions' }, as([]));
    expect([shown.from, shown.to, shown.isWithheld]).toEqual(['2026-10-01', '2026-10-31', true]);
    expect(sums(shown.arrows)).toEqual(
      [
        ['buyers', 'producers', 6_000],
        ['producers', 'administration', 486],
        ['producers', 'hubs', 501],
      ].sort((a, b) => Number(b[2]) - Number(a[2])),
    );
    await expect(maps.map({ level: 'functions', from: '2026-11-01' }, as([]))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const asked = { giver: { kind: 'buyers', id: null }, receiver: { kind: 'producers', id: null } } as const;
    await expect(
      maps.entries({ level: 'functions', ...asked, line: 'money', limit: 2 }, as([])),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('shows a manager what their own enterprise brings and gets', async () => {
    const manager = as([], [hubs[0]!]);
    const own = await maps.map({ level: 'functions', enterpriseId: hubs[0]! }, manager);
    expect(sums(own.arrows)).toHaveLength(4);
    expect(own.arrows.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(3 * 167 + 50);
    await expect(maps.map({ level: 'functions', enterpriseId: hubs[1]! }, manager)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  // Skipped unless LONG=1: it fills a ledger for some minutes, to print how long drawing takes.
  (testingConfig.isLong ? it : it.skip)(
    `takes a bounded time for ${MEASURED_ORDERS} orders (some minutes: only with LONG=1)`,
    async () => {
      const many = (count: number): string[] => ids(count);
      const [farms, people] = [many(200), many(200)];
      for (let done = 0; done < MEASURED_ORDERS * 2; done += 100) {
        const commands = Array.from({ length: 100 }, (_, index): LedgerCommand => {
          const [farm, person] = [farms[(done + index) % 200]!, people[(done * 7 + index) % 200]!];
          return commandOf(
            [
              entryOf(accountOf('instance', instanceId, 'bank'), 2_000),
              entryOf(accountOf('enterprise', farm, 'pending'), -1_633, { line: 'goods' }),
              entryOf(accountOf('person', person, 'pending'), -167, { line: 'share', shareId: 'referral' }),
              entryOf(accountOf('instance', instanceId, 'administration'), -162, {
                line: 'share',
                shareId: 'platform',
              }),
              entryOf(accountOf('instance', instanceId, 'payment-costs'), -38, {
                line: 'share',
                shareId: 'payment',
              }),
            ],
            { key: keyFor({ producerId: farm }) },
          );
        });
        clock.at = new Date(clock.at.getTime() + 60_000);
        await post(...commands);
      }
      await books.database.transaction(ALL_INSTANCES, (tx) => rowsOf(tx, 'select 1'));
      const times: Record<string, number> = {};
      const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
        const start = performance.now();
        const result = await work();
        times[name] = Math.round(performance.now() - start);
        process.stdout.write(`${name} ${times[name]} ms\n`);
        return result;
      };
      const all = await timed('everything', () => maps.map({ level: 'hubs' }, steward));
      await timed('again', () => maps.map({ level: 'producers' }, steward));
      await timed('one day', () =>
        maps.map({ level: 'hubs', from: '2026-11-25', to: '2026-11-25' }, steward),
      );
      const { from: giver, to: receiver, line } = all.arrows[0]!;
      await timed('entries', () =>
        maps.entries({ level: 'hubs', giver, receiver, line, limit: 50 }, steward),
      );
      process.stdout.write(`${JSON.stringify(times)} ms\n`);
      expect(all.arrows[0]!.entries).toBeGreaterThan(MEASURED_ORDERS * 2);
    },
    900_000,
  );
});
