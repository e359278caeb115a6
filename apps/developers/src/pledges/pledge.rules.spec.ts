import type { Caller, FunderRef } from '@foodshed/contracts';
import { giverAccount, receiptOf, requireSource, speaksFor } from './pledge.rules.js';

const instance = { id: 'net', currency: 'EUR', timeZone: 'Europe/Vienna' };
const person = (roles: ('steward' | 'operator')[] = [], of = instance): Caller => ({
  kind: 'person',
  personId: 'me',
  instance: of,
  roles,
  enterpriseIds: ['barn'],
});
const abroad = { ...instance, id: 'far' };

describe('who speaks for a funder', () => {
  it.each<[string, Caller, FunderRef, boolean]>([
    ['oneself', person(), { kind: 'person', id: 'me' }, true],
    ['oneself in another instance', person([], abroad), { kind: 'person', id: 'me' }, true],
    ['somebody else', person(['operator']), { kind: 'person', id: 'you' }, false],
    ['a manager for an enterprise', person(), { kind: 'enterprise', id: 'barn' }, true],
    ['a steward for an enterprise', person(['steward']), { kind: 'enterprise', id: 'mill' }, false],
    ['a steward for the instance', person(['steward']), { kind: 'instance', id: 'net' }, true],
    ['a buyer for the instance', person(), { kind: 'instance', id: 'net' }, false],
    ['a steward of another instance', person(['steward'], abroad), { kind: 'instance', id: 'net' }, false],
    ['a visitor', { kind: 'anonymous', instance }, { kind: 'person', id: 'me' }, false],
  ])('%s', (_, caller, funder, expected) => {
    expect(speaksFor(caller, { instanceId: 'net', funder })).toBe(expected);
  });
});

describe('where the money of a pledge is', () => {
  const of = (funder: FunderRef, source: 'balance' | 'administration' | 'transfer') =>
    giverAccount({ instanceId: 'net', funder, source, currency: 'EUR' });

  it.each([
    [{ kind: 'person', id: 'me' }, 'balance', 'pending'],
    [{ kind: 'enterprise', id: 'barn' }, 'transfer', 'pending'],
    [{ kind: 'instance', id: 'net' }, 'balance', 'developing'],
    [{ kind: 'instance', id: 'net' }, 'transfer', 'developing'],
    [{ kind: 'instance', id: 'net' }, 'administration', 'administration'],
  ] as const)('of %j from %s is on %s', (funder, source, purpose) => {
    expect(of(funder, source)).toEqual({ owner: funder, purpose, currency: 'EUR' });
  });

  it('is the administration’s only where there is one', () => {
    expect(() => requireSource({ funder: { kind: 'person', id: 'me' }, source: 'administration' })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  it('names who holds what came, and adds up to nothing', () => {
    const command = receiptOf({
      pledgeId: 'p',
      instanceId: 'net',
      funder: { kind: 'person', id: 'me' },
      source: 'transfer',
      currency: 'EUR',
      receivedMinor: 500,
      receivedAt: '2026-11-02T10:00:00.000Z',
      holder: 'provider',
    });
    expect(command.key).toEqual({ kind: 'pledge-receipt', pledgeId: 'p' });
    expect(
      command.entries.map(({ account, amountMinor, line }) => [account.purpose, amountMinor, line]),
    ).toEqual([
      ['provider', 500, 'money'],
      ['pending', -500, 'pledge'],
    ]);
  });
});
