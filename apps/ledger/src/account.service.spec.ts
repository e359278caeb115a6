import { randomUUID } from 'node:crypto';
import { ledgerRpc, type CallContext, type InstanceRole, type PostingCommand } from '@foodshed/contracts';
import { Clock, Metrics, Outbox } from '@foodshed/platform';
import { accountOf, commandOf, entryOf, keyFor, testDatabase, type TestDatabase } from '@foodshed/testing';
import { AccountService } from './account.service.js';
import { BooksService } from './books.service.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { PostingService } from './posting.service.js';
import { SplitConsumer } from './split.consumer.js';

class StoppedClock extends Clock {
  at = new Date('2026-10-31T22:30:00.000Z');
  override now(): Date {
    return this.at;
  }
}

const instanceId = randomUUID();
const [producer, hub, manager, stranger] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const clock = new StoppedClock();

let books: TestDatabase;
let posting: PostingService;
let accounts: AccountService;
let ledger: BooksService;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
  posting = new PostingService(books.database, new Outbox(clock), clock, new Metrics('ledger'));
  accounts = new AccountService(books.database, clock);
  ledger = new BooksService(books.database);
}, 90_000);
afterAll(() => books.close());

function as(
  personId: string,
  rest: { enterpriseIds?: string[]; roles?: InstanceRole[]; in?: string } = {},
): CallContext {
  const instance = { id: rest.in ?? instanceId, currency: 'EUR', timeZone: 'Europe/Berlin' };
  return {
    caller: {
      kind: 'person',
      personId,
      instance,
      roles: rest.roles ?? [],
      enterpriseIds: rest.enterpriseIds ?? [],
    },
    requestId: 'request-1',
    token: '',
  };
}

/** A sale of 20.00 of which the referring hub's manager earns 1.67. */
function sale(orderId = randomUUID(), sign = 1): PostingCommand {
  return commandOf(
    [
      entryOf(accountOf('enterprise', hub, 'till'), sign * 2_000),
      entryOf(accountOf('enterprise', producer, 'pending'), sign * -1_833, { line: 'goods' }),
      entryOf(accountOf('person', manager, 'pending'), sign * -167, { line: 'share', shareId: 'referral' }),
    ],
    { key: keyFor({ orderId, producerId: producer, version: sign === 1 ? 1 : 2 }) },
  );
}

async function accountIdOf(ownerKind: 'person' | 'enterprise', id: string): Promise<string> {
  const [account] = await accounts.list({ kind: ownerKind, id }, as(stranger, { roles: ['steward'] }));
  return account!.accountId;
}

const steward = () => as(stranger, { roles: ['steward'] });

describe('accounts and statements', () => {
  it('let each month begin with what the one before ended with, in the time zone of the instance', async () => {
    await posting.post({ instanceId, commands: [sale(), sale()] });
    clock.at = new Date('2026-10-31T23:00:00.000Z');
    await posting.post({ instanceId, commands: [sale()] });
    clock.at = new Date('2026-12-05T09:00:00.000Z');
    await posting.post({ instanceId, commands: [sale()] });
    const accountId = await accountIdOf('person', manager);
    const of = (month: string, page = {}) =>
      accounts.statement({ accountId, month, limit: 50, ...page }, as(manager));
    const [october, november, december] = [await of('2026-10'), await of('2026-11'), await of('2026-12')];
    expect([october.openingMinor, october.closingMinor, october.entryCount]).toEqual([0, 334, 2]);
    expect([november.openingMinor, november.closingMinor, november.entryCount]).toEqual([334, 501, 1]);
    expect([december.openingMinor, december.closingMinor]).toEqual([501, 668]);
    expect(november).toMatchObject({
      from: '2026-10-31T23:00:00.000Z',
      until: '2026-11-30T23:00:00.000Z',
      totals: [{ line: 'share', changeMinor: 167 }],
      head: { batch: 2 },
    });
    expect(december.head).toEqual(await ledger.head(as(manager)));
    expect((await of('2026-09')).head).toMatchObject({ batch: 0, hash: '0'.repeat(64) });
  });

  it('page through entries, newest first, and through a statement, oldest first', async () => {
    const accountId = await accountIdOf('person', manager);
    const first = await accounts.entries({ accountId, limit: 3 }, as(manager));
    expect(first.items.map(({ version, standingMinor }) => [version, standingMinor])).toEqual([
      [4, 668],
      [3, 501],
      [2, 334],
    ]);
    const rest = await accounts.entries({ accountId, limit: 3, cursor: first.nextCursor! }, as(manager));
    expect([rest.items.map(({ version }) => version), rest.nextCursor]).toEqual([[1], null]);
    const page = { accountId, month: '2026-10', limit: 1 };
    const { entries } = await accounts.statement(page, as(manager));
    const next = await accounts.statement({ ...page, cursor: entries.nextCursor! }, as(manager));
    expect([...entries.items, ...next.entries.items].map(({ version }) => version)).toEqual([1, 2]);
    await expect(accounts.entries({ accountId, limit: 3, cursor: 'x' }, as(manager))).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it.each<[string, () => CallContext, boolean]>([
    ['the owner', () => as(manager), true],
    ['a stranger', () => as(stranger), false],
    ['a manager of another enterprise', () => as(stranger, { enterpriseIds: [hub] }), false],
    ['a steward', () => as(stranger, { roles: ['steward'] }), true],
    ['an operator', () => as(stranger, { roles: ['operator'] }), true],
  ])("show a person's account to %s: %#", async (_who, context, allowed) => {
    const accountId = await accountIdOf('person', manager);
    const attempts: (() => Promise<unknown>)[] = [
      () => accounts.get(accountId, context()),
      () => accounts.list({ kind: 'person', id: manager }, context()),
      () => accounts.entries({ accountId, limit: 1 }, context()),
      () => accounts.statement({ accountId, month: '2026-10', limit: 1 }, context()),
    ];
    for (const attempt of attempts) {
      if (allowed) await expect(attempt()).resolves.toBeDefined();
      else await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('show the accounts of the instance itself to stewards only', async () => {
    const owner = { kind: 'instance' as const, id: instanceId };
    await expect(accounts.list(owner, as(manager, { enterpriseIds: [hub] }))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(accounts.list(owner, steward())).resolves.toEqual([]);
  });

  it('know no account of another instance', async () => {
    const accountId = await accountIdOf('person', manager);
    await expect(accounts.get(accountId, as(manager, { in: randomUUID() }))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the books of an order', () => {
  it('are shown to its parties and stewards, and end at zero per account after a full refund', async () => {
    const orderId = randomUUID();
    await books.database.transaction('*', (tx) =>
      new SplitConsumer(posting).post(tx, [splitOf(sale(orderId)), splitOf(sale(orderId, -1))]),
    );
    expect(await ledger.orderEntries(orderId, steward())).toHaveLength(2);
    expect(await ledger.orderEntries(orderId, as(stranger, { enterpriseIds: [producer] }))).toHaveLength(2);
    expect(await ledger.orderEntries(orderId, as(manager))).toHaveLength(2);
    expect(await ledger.orderEntries(orderId, as(stranger))).toEqual([]);
    const { items } = await ledger.totals({ limit: 200 }, steward());
    const totals = items.find((item) => item.orderId === orderId)!.totals;
    expect(totals.map(({ amountMinor }) => amountMinor)).toEqual([0, 0, 0]);
  });

  it('balance to zero over all accounts', async () => {
    const { rows, totals } = await ledger.trialBalance(as(stranger, { roles: ['operator'] }));
    expect(totals).toEqual([{ currency: 'EUR', balanceMinor: 0 }]);
    expect(rows.map(({ purpose }) => purpose)).toEqual(['pending', 'till']);
  });

  it('keep what was refused for operators to see', async () => {
    const [money, goods] = sale().entries;
    const broken = commandOf([money!, { ...goods!, amountMinor: 1 }]);
    await posting.post({ instanceId, commands: [broken, broken] });
    const { items } = await ledger.refusals({ limit: 10 }, as(stranger, { roles: ['operator'] }));
    expect(items).toMatchObject([{ key: broken.key, code: 'unbalanced', field: 'entries', command: broken }]);
  });
});

it('answers what the contracts say', async () => {
  const accountId = await accountIdOf('person', manager);
  const page = { accountId, limit: 10 };
  ledgerRpc.getAccount.output.parse(await accounts.get(accountId, steward()));
  ledgerRpc.listEntries.output.parse(await accounts.entries(page, steward()));
  ledgerRpc.getStatement.output.parse(await accounts.statement({ ...page, month: '2026-10' }, steward()));
  ledgerRpc.getHead.output.parse(await ledger.head(steward()));
  ledgerRpc.getTrialBalance.output.parse(await ledger.trialBalance(steward()));
  ledgerRpc.listTotals.output.parse(await ledger.totals({ limit: 10 }, steward()));
  ledgerRpc.listRefusals.output.parse(await ledger.refusals({ limit: 10 }, steward()));
  const ref = accountOf('person', randomUUID(), 'pending');
  ledgerRpc.openAccount.output.parse(await accounts.open({ instanceId, account: ref, limitMinor: 0 }));
  await expect(accounts.open({ instanceId, account: ref, limitMinor: 5 })).rejects.toMatchObject({
    code: 'already-exists',
  });
});

function splitOf(command: PostingCommand): Parameters<SplitConsumer['post']>[1][number] {
  const { kind, orderId, captureId, producerId, version, revision } = command.key;
  const entries = command.entries.map((entry, account) => ({ ...entry, account }));
  return {
    id: randomUUID(),
    instanceId,
    occurredAt: clock.at.toISOString(),
    subject: 'commission.events.split.v1',
    data: {
      orderId,
      captureId,
      version,
      changedAt: command.occurredAt,
      hubId: hub,
      currency: 'EUR',
      placedAt: clock.at.toISOString(),
      paidAt: clock.at.toISOString(),
      modelVersion: 1,
      standing: [],
      hubFeeMinor: 0,
      accounts: command.entries.map(({ account }, number) => ({ number, account })),
      commands: [{ kind, producerId, revision, entries }],
    },
  };
}
