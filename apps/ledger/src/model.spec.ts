import { randomUUID } from 'node:crypto';
import { DomainError, type AccountRef, type PostingCommand } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Metrics, Outbox } from '@foodshed/platform';
import {
  accountOf,
  commandOf,
  entryOf,
  testDatabase,
  testingConfig,
  type TestDatabase,
} from '@foodshed/testing';
import fc from 'fast-check';
import { findAccountsOf, openAccount } from './account.store.js';
import { verifySnapshot } from './commands.service.js';
import { HoldService } from './hold.service.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';
import { PostingService } from './posting.service.js';

// An independent ledger in a few maps, and random sequences of commands given to both.

const RUNS = testingConfig.isLong ? 1_000 : 100;
const START = Date.parse('2026-11-02T10:00:00.000Z');
const PURPOSES = ['bank', 'pending', 'buyer-credit', 'till'] as const;

class StoppedClock extends Clock {
  at = new Date(START);
  override now(): Date {
    return this.at;
  }
}

interface ModelAccount {
  standing: number;
  reserved: number;
  version: number;
  limit: number | null;
}

type Leg = readonly [account: number, amount: number];
type Step =
  | { do: 'post'; commands: { key: number; at: number; legs: Leg[]; gap: number; gbp: boolean }[] }
  | { do: 'open'; account: number; limit: number }
  | {
      do: 'hold';
      hold: number;
      account: number;
      payee: number;
      refundTo: number;
      amount: number;
      days: number;
    }
  | { do: 'settle' | 'void'; hold: number; amount: number }
  | { do: 'expire'; days: number };

const NEW: Readonly<ModelAccount> = { standing: 0, reserved: 0, version: 0, limit: null };

class Model {
  readonly accounts = new Map<number, ModelAccount>();
  readonly keys = new Map<number, string>();
  readonly holds = new Map<
    number,
    {
      text: string;
      account: number;
      payee: number;
      refundTo: number;
      amount: number;
      until: number;
      end?: string;
    }
  >();

  at(index: number): ModelAccount {
    const found = this.accounts.get(index) ?? { ...NEW };
    this.accounts.set(index, found);
    return found;
  }

  /** Debit positive to the account's own side. */
  own(index: number, amount: number): number {
    return ['bank', 'till'].includes(PURPOSES[index % PURPOSES.length]!) ? amount : -amount;
  }

  apply(legs: readonly Leg[]): void {
    for (const [index, amount] of legs) {
      const account = this.at(index);
      account.standing += this.own(index, amount);
      account.version += 1;
    }
  }

  post({ key, at, legs, gap, gbp }: Extract<Step, { do: 'post' }>['commands'][number]): string {
    const balanced = closed(legs, gap);
    const text = JSON.stringify([at, balanced]);
    if (gbp) return 'currency-mixed';
    if (gap !== 0) return 'unbalanced';
    const known = this.keys.get(key);
    if (known !== undefined) return known === text ? 'exists' : 'business-key-conflict';
    const moves = new Map<number, number>();
    for (const [index, amount] of balanced)
      moves.set(index, (moves.get(index) ?? 0) + this.own(index, amount));
    for (const [index, move] of moves) {
      const { standing, reserved, limit } = this.accounts.get(index) ?? NEW;
      if (limit !== null && move < 0 && standing + move - reserved < limit) return 'limit-exceeded';
    }
    this.keys.set(key, text);
    this.apply(balanced);
    return 'posted';
  }

  hold(step: Extract<Step, { do: 'hold' }>, now: number): string {
    const { hold, account, payee, refundTo, amount, days } = step;
    const until = now + days * 86_400_000;
    const text = JSON.stringify([account, payee, refundTo, amount, until]);
    const known = this.holds.get(hold);
    if (known) return known.text === text ? 'exists' : 'business-key-conflict';
    const sides = new Set([account, payee, refundTo].map((index) => this.own(index, 1)));
    if (sides.size > 1 || days === 0) return 'invalid-input';
    const from = this.accounts.get(account) ?? NEW;
    if (from.standing - from.reserved - amount < (from.limit ?? 0)) return 'limit-exceeded';
    this.at(account).reserved += amount;
    for (const index of [payee, refundTo]) this.at(index);
    this.holds.set(hold, { text, account, payee, refundTo, amount, until });
    return 'done';
  }

  resolve(id: number, end: 'settled' | 'voided' | 'expired', amount: number, now: number): string {
    const hold = this.holds.get(id);
    if (!hold) return 'not-found';
    const text = `${end} ${end === 'settled' ? amount : 0}`;
    if (hold.end !== undefined) return hold.end === text ? 'exists' : 'invalid-state';
    if (end === 'settled' && amount > hold.amount) return 'limit-exceeded';
    if (end === 'settled' ? now >= hold.until : end === 'expired' && now < hold.until) return 'invalid-state';
    hold.end = text;
    this.at(hold.account).reserved -= hold.amount;
    const paid = end === 'settled' ? amount : 0;
    const legs: Leg[] = [];
    const sign = this.own(hold.account, 1);
    if (paid > 0 && hold.payee !== hold.account) legs.push([hold.payee, sign * paid]);
    if (hold.amount > paid && hold.refundTo !== hold.account)
      legs.push([hold.refundTo, sign * (hold.amount - paid)]);
    const sum = legs.reduce((total, [, leg]) => total + leg, 0);
    if (legs.length > 0) this.apply([[hold.account, -sum], ...legs]);
    return 'done';
  }
}

/** The legs with one more on account 0 that closes them but for the gap. */
function closed(legs: readonly Leg[], gap: number): Leg[] {
  return [...legs, [0, gap - legs.reduce((sum, [, amount]) => sum + amount, 0)]];
}

const account = fc.nat({ max: 7 });
const leg = fc.tuple(account, fc.integer({ min: -300, max: 300 }));
const rarely = fc.nat({ max: 9 }).map((n) => n === 0);
const command = fc.record({
  key: fc.nat({ max: 25 }),
  at: fc.nat({ max: 1 }),
  legs: fc.array(leg, { minLength: 1, maxLength: 5 }),
  gap: rarely.map((yes) => (yes ? 1 : 0)),
  gbp: rarely,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      commands: fc.array(command, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('open' as const), account, limit: fc.constantFrom(-200, 0, 50) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      hold: fc.nat({ max: 6 }),
      account,
      payee: account,
      refundTo: account,
      amount: fc.integer({ min: 1, max: 400 }),
      days: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('settle' as const, 'void' as const),
      hold: fc.nat({ max: 6 }),
      amount: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), days: fc.nat({ max: 1 }) }) },
);

let books: TestDatabase;
beforeAll(async () => {
  books = await testDatabase('ledger', [CreateLedger1763690400000]);
}, 90_000);
afterAll(() => books.close());

/** The same steps done by the ledger, in an instance of its own. */
class Subject {
  readonly instanceId = randomUUID();
  readonly clock = new StoppedClock();
  readonly #owners = Array.from({ length: 8 }, () => randomUUID());
  readonly #keys = Array.from({ length: 26 }, () => randomUUID());
  readonly #holds = Array.from({ length: 7 }, () => randomUUID());
  readonly #posting: PostingService;
  readonly #service: HoldService;

  constructor() {
    const outbox = new Outbox(this.clock);
    this.#posting = new PostingService(books.database, outbox, this.clock, new Metrics('ledger'));
    this.#service = new HoldService(books.database, outbox, this.clock);
  }

  ref(index: number, currency = 'EUR'): AccountRef {
    return accountOf('enterprise', this.#owners[index]!, PURPOSES[index % PURPOSES.length]!, currency);
  }

  async post(step: Extract<Step, { do: 'post' }>): Promise<string[]> {
    const commands = step.commands.map(({ key, at, legs, gap, gbp }): PostingCommand => {
      const entries = closed(legs, gap).map(([index, amount]) => entryOf(this.ref(index), amount));
      if (gbp) entries.push(entryOf(this.ref(1, 'GBP'), 0));
      const id = this.#keys[key]!;
      return commandOf(entries, {
        key: { kind: 'sale', orderId: id, captureId: id, producerId: null, version: 1, revision: 0 },
        occurredAt: new Date(START + at).toISOString(),
      });
    });
    const { outcomes } = await this.#posting.post({ instanceId: this.instanceId, commands });
    return outcomes.map(({ outcome, code }) => code ?? outcome);
  }

  async open(index: number, limitMinor: number): Promise<void> {
    await books.database.transaction(ALL_INSTANCES, (tx) =>
      openAccount(tx, { instanceId: this.instanceId, ref: this.ref(index), limitMinor, now: this.clock.at }),
    );
  }

  hold(step: Extract<Step, { do: 'hold' }>): Promise<string> {
    return outcomeOf(
      this.#service.place({
        instanceId: this.instanceId,
        holdId: this.#holds[step.hold]!,
        account: this.ref(step.account),
        payee: this.ref(step.payee),
        refundTo: this.ref(step.refundTo),
        amountMinor: step.amount,
        deadline: new Date(this.clock.at.getTime() + step.days * 86_400_000).toISOString(),
      }),
    );
  }

  resolve(step: Extract<Step, { do: 'settle' | 'void' }>): Promise<string> {
    const hold = { instanceId: this.instanceId, holdId: this.#holds[step.hold]! };
    return outcomeOf(
      step.do === 'settle'
        ? this.#service.settle({ ...hold, amountMinor: step.amount })
        : this.#service.void(hold),
    );
  }

  expire(): Promise<number> {
    return this.#service.expireOverdue();
  }

  async accounts(): Promise<[number, ModelAccount][]> {
    const found = await Promise.all(
      this.#owners.map((id) =>
        books.database.transaction(this.instanceId, (tx) => findAccountsOf(tx, { kind: 'enterprise', id })),
      ),
    );
    return found.flatMap((own, index) =>
      own
        .filter(({ account: { currency } }) => currency === 'EUR')
        .map(({ standingMinor, reservedMinor, version, limitMinor }): [number, ModelAccount] => [
          index,
          { standing: standingMinor, reserved: reservedMinor, version, limit: limitMinor },
        ]),
    );
  }
}

const outcomeOf = (answer: Promise<{ outcome: string }>): Promise<string> =>
  answer.then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof DomainError ? error.code : Promise.reject(error as Error)),
  );

async function takeStep(model: Model, subject: Subject, next: Step): Promise<void> {
  const now = subject.clock.at.getTime();
  if (next.do === 'post') {
    expect(await subject.post(next)).toEqual(next.commands.map((each) => model.post(each)));
  } else if (next.do === 'open') {
    if (!model.accounts.has(next.account)) model.at(next.account).limit = next.limit;
    await subject.open(next.account, next.limit);
  } else if (next.do === 'hold') {
    expect(await subject.hold(next)).toBe(model.hold(next, now));
  } else if (next.do === 'expire') {
    subject.clock.at = new Date(now + next.days * 86_400_000);
    for (const [id, { until, end }] of model.holds) {
      if (end === undefined && until <= subject.clock.at.getTime()) {
        model.resolve(id, 'expired', 0, subject.clock.at.getTime());
      }
    }
    await subject.expire();
  } else {
    const end = next.do === 'settle' ? 'settled' : 'voided';
    expect(await subject.resolve(next)).toBe(model.resolve(next.hold, end, next.amount, now));
  }
}

describe('the ledger and an independent model of it', () => {
  it(
    'give the same answers and the same balances for any sequence of commands',
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      process.stdout.write(`ledger model: seed ${seed}, ${RUNS} runs\n`);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          const [model, subject] = [new Model(), new Subject()];
          for (const next of steps) await takeStep(model, subject, next);
          expect(await subject.accounts()).toEqual([...model.accounts].sort(([a], [b]) => a - b));
        }),
        { seed, numRuns: RUNS },
      );
    },
    RUNS * 500,
  );

  it('leave books that verify', async () => {
    const result = await verifySnapshot(books.database);
    expect(result.findings).toEqual([]);
    expect(result.entries).toBeGreaterThan(100);
  });
});
