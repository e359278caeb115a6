import { randomUUID } from 'node:crypto';
import type { PostingCommand } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Metrics, Outbox } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, keyFor, testDatabase, type TestDatabase } from '@foodshed/testing';
import { findAccountsOf } from './account.store.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { PostingService } from './posting.service.js';

let books: TestDatabase;
let posting: PostingService;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
  const clock = new Clock();
  posting = new PostingService(books.database, new Outbox(clock), clock, new Metrics('ledger'));
}, 90_000);
afterAll(() => books.close());

function sale(instanceId: string, producerId: string, amountMinor: number): PostingCommand {
  return commandOf([
    entryOf(accountOf('instance', instanceId, 'bank'), amountMinor),
    entryOf(accountOf('enterprise', producerId, 'pending'), -amountMinor, { line: 'goods' }),
  ]);
}

const standing = async (instanceId: string, producerId: string): Promise<number> => {
  const [account] = await books.database.transaction(instanceId, (tx) =>
    findAccountsOf(tx, { kind: 'enterprise', id: producerId }),
  );
  return account?.standingMinor ?? 0;
};

describe('many writers at once', () => {
  it('post the same command sent 100 times once', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const command = sale(instanceId, producerId, 999);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => posting.post({ instanceId, commands: [command] })),
    );
    const outcomes = answers.flatMap(({ outcomes: each }) => each);
    expect(outcomes.filter(({ outcome }) => outcome === 'posted')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'exists')).toHaveLength(99);
    expect(new Set(outcomes.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect(await standing(instanceId, producerId)).toBe(999);
  });

  it('never wait for each other in a circle, with one account in all of their commands', async () => {
    const instances = [randomUUID(), randomUUID()];
    const producers = Array.from({ length: 20 }, () => randomUUID());
    const batches = Array.from({ length: 16 }, (_, writer) =>
      Array.from({ length: 10 }, (__, round) =>
        Array.from({ length: 20 }, (___, index) => {
          const instanceId = instances[(writer + index) % 2]!;
          return {
            instanceId,
            command: sale(instanceId, producers[(index * 7 + writer * 3 + round) % 20]!, 10),
          };
        }),
      ),
    );
    let attempts = 0;
    await Promise.all(
      batches.map(async (rounds) => {
        for (const commands of rounds) {
          await books.database.transaction(ALL_INSTANCES, (tx) => {
            attempts += 1;
            return posting.postAll(tx, commands);
          });
        }
      }),
    );
    expect(attempts).toBe(160);
    for (const instanceId of instances) {
      const sums = await books.database.queryIn<{ purpose: string; sum: number; versions: number }>(
        instanceId,
        'select purpose, sum(balance_minor)::bigint as sum, sum(version)::bigint as versions from accounts group by 1 order by 1',
      );
      expect(sums).toEqual([
        { purpose: 'bank', sum: 16_000, versions: 1_600 },
        { purpose: 'pending', sum: -16_000, versions: 1_600 },
      ]);
    }
  });

  it('leave versions without gaps and batches in one chain', async () => {
    const rows = await books.database.queryIn(
      ALL_INSTANCES,
      `select 1 from (
         select version, row_number() over (partition by account_id order by version) as expected from entries
         union all
         select number, row_number() over (partition by instance_id order by number) from batches) v
       where version <> expected`,
    );
    expect(rows).toEqual([]);
  });

  it('end with equal balances whatever the order, grouping and repetition of their commands', async () => {
    const producers = Array.from({ length: 5 }, () => randomUUID());
    const template = Array.from({ length: 60 }, (_, index) => ({
      key: keyFor({ version: 1 + (index % 3) }),
      producerId: producers[index % 5]!,
      amountMinor: (index % 2 === 0 ? 1 : -1) * (100 + index),
    }));
    const ends: number[][] = [];
    for (let run = 0; run < 3; run++) {
      const instanceId = randomUUID();
      const commands = template.map(({ key, producerId, amountMinor }) => ({
        ...sale(instanceId, producerId, amountMinor),
        key,
      }));
      const shuffled = [...commands, ...commands.slice(0, 30)].sort(() => Math.random() - 0.5);
      const groups: PostingCommand[][] = [];
      while (shuffled.length > 0) groups.push(shuffled.splice(0, 1 + Math.floor(Math.random() * 20)));
      await Promise.all(groups.map((group) => posting.post({ instanceId, commands: group })));
      ends.push(await Promise.all(producers.map((producerId) => standing(instanceId, producerId))));
    }
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });
});
