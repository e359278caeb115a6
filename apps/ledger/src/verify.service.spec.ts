import { randomUUID } from 'node:crypto';
import { ALL_INSTANCES, Clock, Database, Metrics, Outbox } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, testDatabase, type TestDatabase } from '@foodshed/testing';
import { verifySnapshot } from './commands.service.js';
import { HoldService } from './hold.service.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { PostingService } from './posting.service.js';
import type { VerifyOptions } from './replay.service.js';
import { verifyBooks, type Verification } from './verify.service.js';

const instanceId = randomUUID();
const producers = Array.from({ length: 5 }, () => randomUUID());

let books: TestDatabase;
/** With all rights: what somebody with the disk in their hands could do. */
let intruder: Database;

beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
  intruder = await Database.open({ url: books.superuserUrl, schema: 'ledger', poolSize: 1 });
  const clock = new Clock();
  const outbox = new Outbox(clock);
  const posting = new PostingService(books.database, outbox, clock, new Metrics('ledger'));
  for (let batch = 0; batch < 4; batch++) {
    await posting.post({
      instanceId,
      commands: producers.map((producerId, index) =>
        commandOf([
          entryOf(accountOf('instance', instanceId, 'bank'), 1_000 + index),
          entryOf(accountOf('enterprise', producerId, 'pending'), -900 - index, { line: 'goods' }),
          entryOf(accountOf('person', producers[0]!, 'pending'), -100, {
            line: 'share',
            shareId: index === 0 ? 'größe' : 'referral',
          }),
        ]),
      ),
    });
  }
  const account = accountOf('enterprise', producers[1]!, 'pending');
  const hold = {
    instanceId,
    account,
    payee: account,
    refundTo: account,
    amountMinor: 50,
    deadline: '2999-01-01T00:00:00.000Z',
  };
  await new HoldService(books.database, outbox, clock).place({ ...hold, holdId: randomUUID() });
}, 90_000);
afterAll(async () => {
  await intruder.close();
  await books.close();
});

const verify = (options?: VerifyOptions): Promise<Verification> => verifySnapshot(books.database, options);

/** Changes history with all rights, past every trigger; verifies, and undoes it. */
async function afterChange(change: string, options?: VerifyOptions): Promise<Verification> {
  const client = await intruder.pool.connect();
  try {
    await client.query('begin; set local session_replication_role = replica');
    await client.query(change);
    const query = async (text: string, values: unknown[]) =>
      (await client.query({ text, values, rowMode: 'array' })).rows as unknown[][];
    return await verifyBooks(query, options);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const third = `(select id from transactions where batch = 3 and position = 3)`;
const entry = `transaction_id = ${third}`;

describe('verification', () => {
  it('finds nothing in books that nobody touched, and says how many entries it saw', async () => {
    const { findings, entries, transactions, heads } = await verify();
    expect(findings).toEqual([]);
    expect([entries, transactions]).toEqual([60, 20]);
    expect(heads).toMatchObject([{ instanceId, batch: 4 }]);
  });

  it.each<[string, string, RegExp, RegExp]>([
    [
      'an amount',
      `update entries set amount_minor = amount_minor + 1 where ${entry} and position = 2`,
      /^entry 3 of account/,
      /give -?\d+|add up/,
    ],
    [
      'a balance',
      `update entries set balance_minor = balance_minor # 1 where ${entry} and position = 2`,
      /^entry 3 of account/,
      /balance_minor is -?\d+/,
    ],
    [
      'a version',
      `update entries set version = 99 where ${entry} and position = 2`,
      /^entry 99 of account/,
      /version 3 was expected/,
    ],
    [
      'a line',
      `update entries set line = 'vat' where ${entry} and position = 2`,
      /^transaction/,
      /line of entry 3 of account .* is vat, it was goods/,
    ],
    [
      'a share',
      `update entries set share_id = null where ${entry} and position = 3`,
      /^transaction/,
      /shareId of entry .* is null, it was referral/,
    ],
    [
      'an account of an entry',
      `update entries set account_id = (select id from accounts where owner_id = '${producers[4]}'), version = 100 where ${entry} and position = 2`,
      /^transaction/,
      /account/,
    ],
    ['a removed entry', `delete from entries where ${entry} and position = 3`, /^transaction/, /add up to/],
    [
      'a business key',
      `update transactions set business_key = business_key || '0' where id = ${third}`,
      /^transaction/,
      /differs from its seal/,
    ],
    [
      'the time of an event',
      `update transactions set occurred_at = occurred_at + interval '1 millisecond' where id = ${third}`,
      /^transaction/,
      /occurred_at, corrects/,
    ],
    [
      'the time of recording',
      `update transactions set recorded_at = recorded_at + interval '1 millisecond' where id = ${third}`,
      /^transaction/,
      /recorded_at/,
    ],
    [
      'an order',
      `update transactions set order_id = gen_random_uuid() where id = ${third}`,
      /^transaction/,
      /order_id/,
    ],
    [
      'a correction',
      `update transactions set corrects = 'x' where id = ${third}`,
      /^transaction/,
      /corrects/,
    ],
    [
      'a content hash',
      `update transactions set content_hash = set_byte(content_hash, 7, get_byte(content_hash, 7) # 1) where id = ${third}`,
      /^transaction/,
      /content_hash was changed/,
    ],
    [
      'a seal',
      `update transactions set seal = set_byte(seal, 7, get_byte(seal, 7) # 1) where id = ${third}`,
      /^transaction/,
      /seal was changed/,
    ],
    [
      'a removed transaction',
      `delete from entries where ${entry}; delete from transactions where batch = 3 and position = 3`,
      /^batch 3/,
      /transaction_count is 5, there are 4/,
    ],
    [
      'the hash of a batch',
      `update batches set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where number = 2`,
      /^batch 2/,
      /its hash/,
    ],
    [
      'the previous hash',
      `update batches set previous_hash = set_byte(previous_hash, 0, get_byte(previous_hash, 0) # 1) where number = 2`,
      /^batch 2/,
      /previous_hash/,
    ],
    ['a removed batch', `delete from batches where number = 4`, /^head/, /the chain ends with batch 3/],
    ['the head', `update chain_heads set batch = 9`, /^head/, /is batch 9/],
    [
      'the balance of an account',
      `update accounts set balance_minor = balance_minor - 1 where purpose = 'bank'`,
      /^account/,
      /balance_minor is 20039, its entries end with 20040/,
    ],
    [
      'the version of an account',
      `update accounts set version = version + 1 where purpose = 'bank'`,
      /^account/,
      /version is 21/,
    ],
    [
      'the owner of an account',
      `update accounts set owner_id = gen_random_uuid() where purpose = 'bank'`,
      /^account/,
      /identity hash/,
    ],
    [
      'the limit of an account',
      `update accounts set limit_minor = 0 where purpose = 'bank'`,
      /^account/,
      /identity hash/,
    ],
    [
      'what is reserved',
      `update accounts set reserved_minor = 49 where reserved_minor = 50`,
      /^account/,
      /reserved_minor is 49, its open holds add up to 50/,
    ],
    ['a hold', `update holds set amount_minor = 51`, /^account/, /open holds add up to 51/],
  ])('finds and names %s that was changed', async (_what, change, where, what) => {
    const { findings } = await afterChange(change);
    expect(findings.filter((finding) => where.test(finding.where) && what.test(finding.what))).not.toEqual(
      [],
    );
  });

  it('finds nothing once everything is as it was', async () => {
    expect((await verify()).findings).toEqual([]);
  });

  it('sees that history was rewritten with matching hashes when somebody kept an earlier head', async () => {
    const [kept] = await intruder.query<{ hash: string }>(
      `select encode(hash, 'hex') as hash from batches where number = 2`,
    );
    const earlier = { instanceId, batch: 2, hash: kept!.hash };
    expect((await verify({ earlierHeads: [earlier] })).findings).toEqual([]);
    const other = { ...earlier, hash: 'f'.repeat(64) };
    expect((await verify({ earlierHeads: [other] })).findings).toMatchObject([{ where: 'batch 2' }]);
    expect((await verify({ earlierHeads: [{ ...earlier, batch: 99 }] })).findings).toMatchObject([
      { what: expect.stringMatching(/history was cut/) as string },
    ]);
  });

  describe('from a head up to which the books were verified before', () => {
    const headOf = async (batch: number) => {
      const { rows } = await intruder.pool.query<{ hash: string }>(
        `select encode(hash, 'hex') as hash from batches where number = $1`,
        [batch],
      );
      return { instanceId, batch, hash: rows[0]!.hash };
    };

    it('replays only what came after', async () => {
      const since = [await headOf(3)];
      expect(await verify({ since })).toMatchObject({ findings: [], entries: 15, transactions: 5 });
      expect(await verify({ since: [await headOf(4)] })).toMatchObject({ findings: [], entries: 0 });
    });

    it.each([
      ['a balance', `update entries set balance_minor = balance_minor + 1 where ${entry} and position = 2`],
      [
        'an account’s end',
        `update accounts set balance_minor = balance_minor + 1 where owner_id = '${producers[2]}'`,
      ],
      [
        'an entry too many',
        `insert into entries select instance_id, account_id, 90, transaction_id, 9, amount_minor, balance_minor, line, share_id from entries where ${entry} and position = 2`,
      ],
    ])('finds %s that was changed after it', async (_what, change) => {
      const { findings } = await afterChange(change, { since: [await headOf(2)] });
      expect(findings).not.toEqual([]);
    });

    it('still compares every other head that somebody kept', async () => {
      const other = { ...(await headOf(1)), hash: 'cd'.repeat(32) };
      const { findings } = await verify({ since: [await headOf(3)], earlierHeads: [other] });
      expect(findings).toMatchObject([{ where: 'batch 1', what: expect.stringContaining('rewritten') }]);
    });

    it('says so when that head is not in the chain any more, and replays everything', async () => {
      const since = [{ ...(await headOf(3)), hash: 'ab'.repeat(32) }];
      const { findings, entries } = await verify({ since });
      expect(entries).toBe(60);
      expect(findings).toMatchObject([{ where: 'batch 3', what: expect.stringContaining('rewritten') }]);
    });
  });

  it('says so when a chain of which somebody kept a head is not there at all', async () => {
    const earlierHeads = [{ instanceId: randomUUID(), batch: 3, hash: 'ab'.repeat(32) }];
    const { findings } = await verify({ earlierHeads });
    expect(findings).toMatchObject([{ where: 'batch 3', what: expect.stringContaining('no chain') }]);
  });

  it('never believes an account that no batch knows', async () => {
    expect(
      await books.database.queryIn(ALL_INSTANCES, 'select count(*) as n from accounts where version = 0'),
    ).toEqual([{ n: 0 }]);
  });
});
