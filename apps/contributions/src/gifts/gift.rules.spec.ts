import type { Caller, GiftBody, GiverRef, PersonCaller } from '@foodshed/contracts';
import fc from 'fast-check';
import {
  dividedReceipt,
  holderOf,
  ledgerGiftOf,
  mayRecord,
  partsOf,
  requireOthers,
  requireRecorder,
  requireSource,
  speaksFor,
  type PostedGift,
} from './gift.rules.js';
import { giftView, givenGift, returnedOf } from './view.rules.js';

const instance = { id: 'net', currency: 'EUR', timeZone: 'Europe/Vienna' };
const person = (roles: ('steward' | 'operator')[] = [], of = instance): PersonCaller => ({
  kind: 'person',
  personId: 'me',
  instance: of,
  roles,
  enterpriseIds: ['barn'],
});
const abroad = { ...instance, id: 'far' };
const farm = { kind: 'enterprise' as const, id: 'farm' };

describe('who speaks for a giver', () => {
  it.each<[string, Caller, GiverRef, boolean]>([
    ['oneself', person(), { kind: 'person', id: 'me' }, true],
    ['somebody else', person(['operator']), { kind: 'person', id: 'you' }, false],
    ['a manager for an enterprise', person(), { kind: 'enterprise', id: 'barn' }, true],
    ['a manager in another instance', person([], abroad), { kind: 'enterprise', id: 'barn' }, false],
    ['a steward for the instance', person(['steward']), { kind: 'instance', id: 'net' }, true],
    ['a buyer for the instance', person(), { kind: 'instance', id: 'net' }, false],
    ['a visitor', { kind: 'anonymous', instance }, { kind: 'person', id: 'me' }, false],
  ])('%s', (_, caller, giver, expected) => {
    expect(speaksFor(caller, { instanceId: 'net', giver })).toBe(expected);
  });
});

describe('where a gift comes from', () => {
  const body = (change: Partial<GiftBody>): GiftBody => ({
    giver: { kind: 'person', id: 'me' },
    receiver: farm,
    amountMinor: 100,
    platformPartMinor: 0,
    source: 'balance',
    message: '',
    isUnnamed: false,
    ...change,
  });
  const net = { kind: 'instance' as const, id: 'net' };

  it.each<[string, Partial<GiftBody>, string | null]>([
    ['a balance', {}, null],
    ['cash in a hub', { source: 'cash', hubId: 'hub' }, null],
    ['the fund for developing, to a pitch', { giver: net, receiver: { kind: 'pitch', id: 'p' } }, null],
    ['the administration', { giver: net, source: 'administration' }, null],
    ['cash nowhere', { source: 'cash' }, 'hubId'],
    ['a transfer in a hub', { source: 'transfer', hubId: 'hub' }, 'hubId'],
    ['the fund for developing, to a farm', { giver: net }, 'source'],
    ['the administration, by a person', { source: 'administration' }, 'source'],
  ])('%s', (_, change, path) => {
    const check = () => requireSource(body(change));
    if (path === null) expect(check).not.toThrow();
    else
      expect(check).toThrow(
        expect.objectContaining({
          options: expect.objectContaining({ fields: [expect.objectContaining({ path })] }),
        }),
      );
  });

  it('is never to oneself, nor of what is shared to oneself', () => {
    const me = { kind: 'person' as const, id: 'me' };
    const barn = { kind: 'enterprise' as const, id: 'barn' };
    const code = (giver: GiverRef, payee: typeof me | typeof barn) => {
      try {
        requireOthers(giver, [farm, payee], person());
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect([code(me, me), code(barn, me), code(net, barn), code(me, barn)]).toEqual([
      'invalid-input',
      'forbidden',
      'forbidden',
      null,
    ]);
  });
});

describe('what each gets', () => {
  const payees = (weights: number[]) =>
    weights.map((weight, index) => ({ kind: 'person' as const, id: `p${index}`, weight }));
  const amounts = (total: number, weights: number[]) =>
    partsOf(total, payees(weights)).map(({ amountMinor }) => amountMinor);

  it.each([
    [15, [8_000, 1_500, 500], [12, 2, 1]],
    [100, [1, 1, 1], [34, 33, 33]],
    [1, [1, 1], [1, 0]],
  ])('of %d by %j is %j', (total, weights, expected) => {
    expect(amounts(total, weights)).toEqual(expected);
  });

  it('adds up to the gift, whatever is given to whomever', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e12 }),
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          expect(amounts(total, weights).reduce((sum, amount) => sum + amount, 0)).toBe(total);
        },
      ),
    );
  });

  it.each([
    [600, 500, 100],
    [700, 600, 100],
    [540, 500, 40],
    [400, 400, 0],
  ])(
    'of %d that came for 5.00 and 1.00 beside it is %d and %d',
    (received, amountMinor, platformPartMinor) => {
      expect(dividedReceipt(received, { amountMinor: 500, platformPartMinor: 100 })).toEqual({
        amountMinor,
        platformPartMinor,
      });
    },
  );
});

describe('who says that money came', () => {
  const promise = { instanceId: 'net', giver: { kind: 'person' as const, id: 'you' }, hubId: null };
  const transfer = { ...promise, source: 'transfer' as const, payees: [farm] };
  const cash = { ...promise, source: 'cash' as const, hubId: 'barn', payees: [farm] };

  it('is a steward of a transfer, and the hub of cash', () => {
    expect([mayRecord(person(), cash), mayRecord(person(['steward']), transfer)]).toEqual([true, true]);
    expect([
      mayRecord(person(['operator']), { ...cash, hubId: 'mill' }),
      mayRecord(person(), transfer),
    ]).toEqual([false, false]);
    expect(mayRecord(person(['steward'], abroad), transfer)).toBe(false);
  });

  it('names hands in which it can be, and is not who would get a transfer', () => {
    const wrong = expect.objectContaining({ code: 'invalid-input' });
    expect(() => requireRecorder(person(), cash, 'instance-bank')).toThrow(wrong);
    expect(() => requireRecorder(person(['steward']), transfer, 'hub-till')).toThrow(wrong);
    const own = { ...transfer, payees: [{ kind: 'enterprise' as const, id: 'barn' }] };
    expect(() => requireRecorder(person(['steward']), own, 'provider')).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(() => requireRecorder(person(), { ...cash, payees: own.payees }, 'hub-till')).not.toThrow();
  });
});

describe('a gift in the books', () => {
  const gift: PostedGift = {
    giftId: 'g',
    instanceId: 'net',
    giver: { kind: 'person', id: 'me' },
    source: 'balance',
    hubId: null,
    holder: null,
    parts: [
      { kind: 'person', id: 'anna', weight: 1, amountMinor: 1 },
      { kind: 'enterprise', id: 'farm', weight: 1, amountMinor: 0 },
    ],
    platformPartMinor: 0,
    currency: 'EUR',
    givenAt: '2026-11-02T10:00:00.000Z',
  };

  it('leaves out who gets nothing of it, and the platform unless the giver adds something', () => {
    expect(ledgerGiftOf(gift).parts.map(({ account, line }) => [account.owner.id, line])).toEqual([
      ['anna', 'gift'],
    ]);
    expect(ledgerGiftOf({ ...gift, platformPartMinor: 5 }).parts.at(-1)).toMatchObject({
      account: { owner: { kind: 'instance', id: 'net' }, purpose: 'administration' },
      amountMinor: 5,
      line: 'platform-part',
    });
  });

  it.each<[Partial<PostedGift>, string, string, object | null]>([
    [{}, 'person', 'pending', null],
    [{ giver: { kind: 'instance', id: 'net' } }, 'instance', 'developing', null],
    [
      { giver: { kind: 'instance', id: 'net' }, source: 'administration' },
      'instance',
      'administration',
      null,
    ],
    [
      { source: 'transfer', holder: 'instance-bank' },
      'instance',
      'bank',
      { kind: 'instance-bank', instanceId: 'net' },
    ],
    [
      { source: 'transfer', holder: 'provider' },
      'instance',
      'provider',
      { kind: 'provider', instanceId: 'net' },
    ],
    [
      { source: 'cash', holder: 'hub-till', hubId: 'h' },
      'enterprise',
      'till',
      { kind: 'hub-till', hubId: 'h' },
    ],
  ])('%j comes from the %s’s %s', (change, owner, purpose, holder) => {
    const changed = { ...gift, ...change };
    expect(ledgerGiftOf(changed).from).toMatchObject({ owner: { kind: owner }, purpose });
    expect(holderOf(changed)).toEqual(holder);
  });
});

describe('what is shown of a gift', () => {
  const kept = {
    giftId: 'g',
    instanceId: 'net',
    giver: { kind: 'person' as const, id: 'me' },
    receiver: farm,
    receiverName: 'Farm',
    state: 'given' as const,
    amountMinor: 5,
    platformPartMinor: 0,
    currency: 'EUR',
    source: 'balance' as const,
    hubId: null,
    holder: null,
    message: 'Thank you',
    isUnnamed: true,
    parts: [{ ...farm, weight: 1, amountMinor: 5 }],
    answer: 'It rained',
    answeredAt: '2026-11-03T10:00:00.000Z',
    transactionId: 't',
    returns: null,
    hidesReceiver: false,
    promisedAt: '2026-11-02T10:00:00.000Z',
    givenAt: '2026-11-02T10:00:00.000Z',
  };
  const names = new Map([['me', 'Mia']]);

  it('has its words and its giver for the giver alone', () => {
    expect(giftView(kept, person(), names)).toMatchObject({
      message: 'Thank you',
      giver: { name: 'Mia' },
      isOwn: true,
    });
    const other = { ...person(['steward']), personId: 'you' };
    expect(giftView(kept, other, names)).toMatchObject({
      message: '',
      answer: null,
      giver: { kind: 'person', id: null, name: null },
      isOwn: false,
    });
  });

  it('does not tell who gives it back to whom, where they had stayed unnamed', () => {
    const back = { ...kept, giver: farm, receiver: { kind: 'person' as const, id: 'me' }, returns: 'g0' };
    const shown = giftView({ ...back, receiverName: null, hidesReceiver: true }, person(), names);
    expect(shown).toMatchObject({ receiver: { kind: 'person', id: null }, receiverName: null, parts: [] });
    expect(JSON.stringify(shown)).not.toMatch(/"me"|Mia/);
    expect(giftView({ ...back, receiverName: null }, person(), names)).toMatchObject({ receiverName: 'Mia' });
    const told = returnedOf({ ...back, returns: 'g0' });
    expect(told).toMatchObject({ returnId: 'g', giftId: 'g0', payee: farm, amountMinor: 5 });
    expect(JSON.stringify(told)).not.toContain('"me"');
  });

  it('to the rest of the system has no words, and no giver who stays unnamed', () => {
    expect(JSON.stringify(givenGift(kept))).not.toMatch(/Thank|rained|"me"|Mia/);
    expect(givenGift({ ...kept, isUnnamed: false }).giver).toEqual({ kind: 'person', id: 'me' });
  });
});
