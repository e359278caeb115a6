import { randomUUID } from 'node:crypto';
import { ledgerEvents, ledgerRpc, type PostingCommand } from '@foodshed/contracts';
import { ALL_INSTANCES, newId } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, keyFor, testDatabase, type TestDatabase } from '@foodshed/testing';
import { findAccountsOf, openAccount } from './account.store.js';
import { columnsOf, type BatchColumns } from './batch.rules.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { postBatch } from './posting.store.js';

const NOW = new Date('2026-11-02T10:00:00.000Z');

let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

const post = (instanceId: string, commands: PostingCommand[], now = NOW) =>
  books.database.transaction(ALL_INSTANCES, (tx) => postBatch(tx, { instanceId, commands, now }));

const accountsOf = (instanceId: string, kind: 'person' | 'enterprise' | 'instance', id: string) =>
  books.database.transaction(instanceId, (tx) => findAccountsOf(tx, { kind, id }));

/** Sells for an amount: the instance's bank holds it, a producer is owed it. */
function sale(
  instanceId: string,
  producerId: string,
  amountMinor: number,
  rest: Partial<PostingCommand> = {},
) {
  return commandOf(
    [
      entryOf(accountOf('instance', instanceId, 'bank'), amountMinor),
      entryOf(accountOf('enterprise', producerId, 'pending'), -amountMinor, { line: 'goods' }),
    ],
    rest,
  );
}

describe('posting', () => {
  it('opens accounts at their first entry and keeps their standing on their normal side', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const answer = await post(instanceId, [
      sale(instanceId, producerId, 500),
      sale(instanceId, producerId, 250),
    ]);
    const { outcomes, head } = ledgerRpc.postBatch.output.parse(answer);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['posted', 'posted']);
    expect(head).toMatchObject({ instanceId, batch: 1, sealedAt: NOW.toISOString() });
    expect(await accountsOf(instanceId, 'enterprise', producerId)).toMatchObject([
      { standingMinor: 750, version: 2, normalSide: 'credit', limitMinor: null },
    ]);
    expect(await accountsOf(instanceId, 'instance', instanceId)).toMatchObject([
      { standingMinor: 750, normalSide: 'debit' },
    ]);
  });

  it('answers exists to the same key with the same content, in the same batch and later', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const command = sale(instanceId, producerId, 500);
    const first = await post(instanceId, [command, command]);
    expect(first.outcomes.map(({ outcome }) => outcome)).toEqual(['posted', 'exists']);
    const again = await post(instanceId, [command]);
    expect(again.outcomes).toMatchObject([
      { outcome: 'exists', transactionId: first.outcomes[0]!.transactionId },
    ]);
    expect(again.head).toEqual(first.head);
    expect(await accountsOf(instanceId, 'enterprise', producerId)).toMatchObject([
      { standingMinor: 500, version: 1 },
    ]);
  });

  it.each<[string, (command: PostingCommand) => PostingCommand]>([
    ['occurredAt', (command) => ({ ...command, occurredAt: '2026-11-02T09:00:00.001Z' })],
    ['corrects', (command) => ({ ...command, corrects: keyFor() })],
    [
      'entries.length',
      ({ entries: [a, b], ...rest }) => ({ ...rest, entries: [a!, b!, { ...b!, amountMinor: 0 }] }),
    ],
    [
      'entries.0.amountMinor',
      ({ entries: [a, b], ...rest }) => ({
        ...rest,
        entries: [
          { ...a!, amountMinor: 501 },
          { ...b!, amountMinor: -501 },
        ],
      }),
    ],
    [
      'entries.1.account',
      ({ entries: [a, b], ...rest }) => ({
        ...rest,
        entries: [a!, { ...b!, account: accountOf('enterprise', randomUUID(), 'pending') }],
      }),
    ],
    [
      'entries.1.line',
      ({ entries: [a, b], ...rest }) => ({ ...rest, entries: [a!, { ...b!, line: 'share' }] }),
    ],
    [
      'entries.1.shareId',
      ({ entries: [a, b], ...rest }) => ({ ...rest, entries: [a!, { ...b!, shareId: 'referral' }] }),
    ],
  ])('refuses the same key with another %s, and names it', async (field, change) => {
    const instanceId = randomUUID();
    const command = sale(instanceId, randomUUID(), 500);
    await post(instanceId, [command]);
    const { outcomes } = await post(instanceId, [change(command), sale(instanceId, randomUUID(), 7)]);
    expect(outcomes).toMatchObject([
      { outcome: 'refused', code: 'business-key-conflict', field, transactionId: null },
      { outcome: 'posted' },
    ]);
  });

  it('refuses what does not add up or mixes currencies, and posts the rest of its batch', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const bank = accountOf('instance', instanceId, 'bank');
    const { outcomes } = await post(instanceId, [
      commandOf([entryOf(bank, 100), entryOf(accountOf('enterprise', producerId, 'pending'), -99)]),
      commandOf([entryOf(bank, 100), entryOf(accountOf('enterprise', producerId, 'pending', 'GBP'), -100)]),
      commandOf([entryOf(accountOf('instance', randomUUID(), 'bank'), 5), entryOf(bank, -5)]),
      commandOf([entryOf(bank, 1), entryOf(accountOf('enterprise', producerId, 'pending'), -1)], {
        key: keyFor({ kind: 'correction' }),
      }),
      sale(instanceId, producerId, 1),
    ]);
    expect(outcomes.map(({ code, field }) => [code, field])).toEqual([
      ['unbalanced', 'entries'],
      ['currency-mixed', 'entries'],
      ['invalid-input', 'entries'],
      ['invalid-input', 'corrects'],
      [null, null],
    ]);
    expect(await accountsOf(instanceId, 'enterprise', producerId)).toMatchObject([{ standingMinor: 1 }]);
    const refused = await books.database.queryIn<{ code: string }>(
      instanceId,
      'select code from refusals order by code',
    );
    expect(refused).toHaveLength(4);
  });

  it('names what a correction corrects', async () => {
    const instanceId = randomUUID();
    const first = sale(instanceId, randomUUID(), 500);
    const tier = {
      ...sale(instanceId, first.key.producerId!, 3),
      key: { ...first.key, kind: 'tier-correction' as const, revision: 1 },
    };
    const named = {
      ...sale(instanceId, first.key.producerId!, 4),
      key: keyFor({ kind: 'correction' }),
      corrects: first.key,
    };
    await post(instanceId, [first, tier, named]);
    const rows = await books.database.queryIn(
      instanceId,
      'select corrects from transactions order by position',
    );
    const { orderId, captureId, producerId } = first.key;
    const sold = `sale:${orderId}:${captureId}:${producerId}:1:0`;
    expect(rows).toEqual([{ corrects: null }, { corrects: sold }, { corrects: sold }]);
  });

  it('keeps an account with a limit above it, command by command', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const ref = accountOf('enterprise', producerId, 'pending');
    await books.database.transaction(ALL_INSTANCES, (tx) =>
      openAccount(tx, { instanceId, ref, limitMinor: 0, now: NOW }),
    );
    const { outcomes } = await post(instanceId, [
      sale(instanceId, producerId, 100),
      sale(instanceId, producerId, -150),
      sale(instanceId, producerId, 60),
      sale(instanceId, producerId, -150),
    ]);
    expect(outcomes.map(({ outcome, code }) => code ?? outcome)).toEqual([
      'posted',
      'limit-exceeded',
      'posted',
      'posted',
    ]);
    expect(outcomes[1]).toMatchObject({ field: 'entries.1.account' });
    expect(await accountsOf(instanceId, 'enterprise', producerId)).toMatchObject([
      { standingMinor: 10, limitMinor: 0 },
    ]);
  });

  it('refuses to leave the safe integers and goes on', async () => {
    const [instanceId, producerId] = [randomUUID(), randomUUID()];
    const most = Number.MAX_SAFE_INTEGER;
    const { outcomes } = await post(instanceId, [
      sale(instanceId, producerId, most),
      sale(instanceId, producerId, 1),
      sale(instanceId, producerId, -1),
    ]);
    expect(outcomes.map(({ outcome, code }) => code ?? outcome)).toEqual([
      'posted',
      'limit-exceeded',
      'posted',
    ]);
  });

  it('never records before what it recorded last', async () => {
    const instanceId = randomUUID();
    await post(instanceId, [sale(instanceId, randomUUID(), 1)], new Date('2026-11-02T10:00:05.000Z'));
    const { head } = await post(
      instanceId,
      [sale(instanceId, randomUUID(), 1)],
      new Date('2026-11-02T10:00:04.000Z'),
    );
    expect(head).toMatchObject({ batch: 2, sealedAt: '2026-11-02T10:00:05.000Z' });
  });

  it('announces a batch in events of some 1,000 entries, refusals once', async () => {
    const instanceId = randomUUID();
    const many = (count: number) =>
      commandOf(
        Array.from({ length: count }, (_, index) =>
          entryOf(accountOf('person', randomUUID(), 'pending'), index === 0 ? 1 - count : 1),
        ),
      );
    const broken = commandOf([
      entryOf(accountOf('instance', instanceId, 'bank'), 1),
      entryOf(accountOf('instance', instanceId, 'bank'), 1),
    ]);
    await post(instanceId, [...Array.from({ length: 12 }, () => many(200)), broken]);
    const rows = await books.owner.queryIn<{ transactions: number; refused: number; payload: unknown }>(
      instanceId,
      `select json_array_length(payload->'transactions') as transactions, json_array_length(payload->'refused') as refused, payload
       from outbox where instance_id = '${instanceId}' order by refused desc`,
    );
    for (const { payload } of rows) expect(() => ledgerEvents.posted.schema.parse(payload)).not.toThrow();
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(12);
    expect(rows.map(({ refused }) => refused)).toEqual([1, ...rows.slice(1).map(() => 0)]);
  });
});

describe('a batch in columns', () => {
  const columns = (instanceId: string) => {
    const commands = [sale(instanceId, randomUUID(), 5), sale(instanceId, randomUUID(), 6)];
    return columnsOf(
      commands,
      commands.map(() => newId()),
    );
  };
  const postColumns = (instanceId: string, batch: BatchColumns) =>
    books.database.queryIn(ALL_INSTANCES, 'select post_batch($1::jsonb, $2) as answer', [
      JSON.stringify({ instanceId, ...batch }),
      NOW,
    ]);

  it('names an account and a form once', () => {
    const instanceId = randomUUID();
    expect(columns(instanceId)).toMatchObject({
      owner_kinds: ['instance', 'enterprise', 'enterprise'],
      lines: ['money', 'goods'],
      commands: [1, 1, 2, 2],
      accounts: [1, 2, 1, 3],
      amounts: [5, -5, 6, -6],
      forms: [1, 2, 1, 2],
    });
  });

  it('keeps an account in one row where it is named under two numbers', async () => {
    const instanceId = randomUUID();
    const { accounts, owner_kinds, owner_ids, purposes, currencies, ...rest } = columns(instanceId);
    const batch = {
      ...rest,
      owner_kinds: [...owner_kinds, owner_kinds[0]!],
      owner_ids: [...owner_ids, owner_ids[0]!],
      purposes: [...purposes, purposes[0]!],
      currencies: [...currencies, currencies[0]!],
      accounts: accounts.with(2, 4),
    };
    await postColumns(instanceId, batch);
    expect(await accountsOf(instanceId, 'instance', instanceId)).toMatchObject([
      { standingMinor: 11, version: 2 },
    ]);
  });

  it.each<[string, (batch: BatchColumns) => Partial<BatchColumns>, RegExp]>([
    ['a command without entries', () => ({ commands: [1, 1, 1, 1] }), /do not belong together/],
    ['entries of another command', () => ({ commands: [1, 1, 2, 3] }), /do not belong together/],
    ['entries among those of others', () => ({ commands: [1, 2, 2, 1] }), /do not belong together/],
    ['commands in another order', () => ({ commands: [2, 2, 1, 1] }), /do not belong together/],
    ['an id too few', ({ ids }) => ({ ids: ids.slice(1) }), /do not belong together/],
    ['an amount too few', ({ amounts }) => ({ amounts: amounts.slice(0, 3) }), /do not belong together/],
    ['an account that is not there', () => ({ accounts: [1, 2, 1, 9] }), /do not belong together/],
    ['a form that is not there', () => ({ forms: [1, 2, 1, 9] }), /do not belong together/],
    ['no commands', () => ({ keys: [] }), /1 to 100 commands/],
  ])('is refused whole with %s', async (_, change, message) => {
    const instanceId = randomUUID();
    const batch = columns(instanceId);
    await expect(postColumns(instanceId, { ...batch, ...change(batch) })).rejects.toThrow(message);
    expect(await accountsOf(instanceId, 'instance', instanceId)).toEqual([]);
  });

  it('finds by itself what is wrong, whatever else it is told', async () => {
    const instanceId = randomUUID();
    const told = { codes: [null, null], content_hashes: ['', ''], corrected: ['a', 'b'] };
    const batch = { ...columns(instanceId), ...told, amounts: [5, -4, 6, -6] };
    const [row] = (await postColumns(instanceId, batch)) as { answer: { others: unknown[] } }[];
    expect(row!.answer.others).toMatchObject([{ ord: 1, outcome: 'refused', code: 'unbalanced' }]);
    const [posted] = await books.database.queryIn(
      instanceId,
      'select corrects, length(content_hash) from transactions',
    );
    expect(posted).toEqual({ corrects: null, length: 32 });
  });
});

describe('the books', () => {
  it.each([
    'update entries set amount_minor = 1',
    'delete from entries',
    'truncate entries',
    'update transactions set position = 1',
    'delete from transactions',
    'truncate transactions',
    'update batches set transaction_count = 1',
    'delete from batches',
    'truncate batches',
    'update accounts set balance_minor = 0',
    'delete from accounts',
    'update chain_heads set batch = 0',
    'insert into chain_heads (instance_id) values (gen_random_uuid())',
    'insert into entries select * from entries',
    'insert into outbox select * from outbox',
    'update outbox set payload = payload',
    'insert into outbox_pending select id from outbox',
    'alter table entries disable trigger all',
    'select new_id(now())',
    'select * from write_commands(null, null, null, null, null, null, null)',
  ])('refuse the application: %s', async (statement) => {
    await expect(books.database.queryIn(ALL_INSTANCES, statement)).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  it.each(['update %s set instance_id = instance_id', 'delete from %s', 'truncate %s cascade'])(
    'refuse even their owner: %s',
    async (statement) => {
      for (const table of ['batches', 'transactions', 'entries', 'refusals', 'holds', 'hold_resolutions']) {
        await expect(books.owner.queryIn(ALL_INSTANCES, statement.replace('%s', table))).rejects.toThrow(
          /is history/,
        );
      }
    },
  );

  it('post nothing for an instance the transaction is not in', async () => {
    const instanceId = randomUUID();
    const attempt = books.database.transaction(randomUUID(), (tx) =>
      postBatch(tx, { instanceId, commands: [sale(instanceId, randomUUID(), 1)], now: NOW }),
    );
    await expect(attempt).rejects.toThrow(/row-level security/);
  });

  it('show no instance the entries of another', async () => {
    const instanceId = randomUUID();
    await post(instanceId, [sale(instanceId, randomUUID(), 1)]);
    expect(await books.database.queryIn(randomUUID(), 'select 1 from entries')).toEqual([]);
    expect(await books.database.queryIn(instanceId, 'select 1 from entries')).toHaveLength(2);
  });
});
