import { randomUUID } from 'node:crypto';
import { pageFrom, type TransactionKey } from '@foodshed/contracts';
import { keyFor } from '@foodshed/testing';
import { maySee, normalSideOf, onNormalSide } from './account.rules.js';
import { idAfter, keyOf, keyText, versionAfter } from './key.rules.js';

describe('business keys', () => {
  it.each<TransactionKey>([
    keyFor(),
    keyFor({ kind: 'hub-fee', producerId: null, version: 12 }),
    keyFor({ kind: 'tier-correction', revision: 3 }),
    { kind: 'hold-resolution', holdId: randomUUID() },
    { kind: 'pledge-receipt', pledgeId: randomUUID() },
    { kind: 'pitch-payout', payoutId: randomUUID() },
    { kind: 'gift', giftId: randomUUID() },
  ])('are read back from the text they are stored as: %j', (key) => {
    expect(keyOf(keyText(key))).toEqual(key);
  });

  it('are written with every part, in one order', () => {
    const id = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`;
    const key = {
      kind: 'sale',
      orderId: id(1),
      captureId: id(2),
      producerId: null,
      version: 4,
      revision: 0,
    } as const;
    expect(keyText(key)).toBe(`sale:${id(1)}:${id(2)}:-:4:0`);
  });

  it('of an unknown kind are a fault of the program', () => {
    expect(() => keyOf('wish:1:2:3:4:5')).toThrow();
  });
});

describe('cursors', () => {
  it('name the last row shown, and there is none on the last page', () => {
    expect(pageFrom([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' });
    expect(pageFrom([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null });
    expect(pageFrom([], 2, String)).toEqual({ items: [], nextCursor: null });
  });

  it('are refused when they are not of the list', () => {
    const id = randomUUID();
    expect([versionAfter(undefined), versionAfter('17'), idAfter(undefined), idAfter(id)]).toEqual([
      null,
      17,
      null,
      id,
    ]);
    for (const read of [
      () => versionAfter('-1'),
      () => versionAfter('1e3'),
      () => idAfter('17'),
      () => idAfter(''),
    ]) {
      expect(read).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    }
  });
});

describe('sides', () => {
  it.each([
    ['bank', 'debit'],
    ['till', 'debit'],
    ['provider', 'debit'],
    ['pending', 'credit'],
    ['administration', 'credit'],
    ['payment-costs', 'credit'],
    ['buyer-credit', 'credit'],
  ] as const)('%s grows on the %s side', (purpose, side) => {
    expect(normalSideOf(purpose)).toBe(side);
  });

  it('show an amount as its owner reads it, never as minus zero', () => {
    expect([onNormalSide('debit', 5), onNormalSide('credit', -5), onNormalSide('credit', 5)]).toEqual([
      5, 5, -5,
    ]);
    expect(Object.is(onNormalSide('credit', 0), 0)).toBe(true);
  });
});

describe('who may see an account', () => {
  const [me, other, enterprise] = [randomUUID(), randomUUID(), randomUUID()];
  const instance = { id: randomUUID(), currency: 'EUR', timeZone: 'UTC' };
  const person = { kind: 'person' as const, personId: me, instance, roles: [], enterpriseIds: [enterprise] };

  it.each([
    ['their own', { kind: 'person', id: me }, true],
    ["another person's", { kind: 'person', id: other }, false],
    ['an enterprise they manage', { kind: 'enterprise', id: enterprise }, true],
    ['an enterprise with their own id', { kind: 'enterprise', id: me }, false],
    ['a person with the id of their enterprise', { kind: 'person', id: enterprise }, false],
    ["the instance's", { kind: 'instance', id: instance.id }, false],
  ] as const)('a person and %s: %#', (_what, owner, allowed) => {
    expect(maySee(person, owner)).toBe(allowed);
    expect(maySee({ ...person, roles: ['steward'] }, owner)).toBe(true);
    expect(maySee({ kind: 'anonymous', instance }, owner)).toBe(false);
    expect(maySee({ kind: 'service', service: 'orders' }, owner)).toBe(false);
  });
});
