import { DomainError, referralCode } from '@foodshed/contracts';
import fc from 'fast-check';
import { comparable, nameOrFormer } from './buyers/contact.rules.js';
import {
  changedEnterprise,
  freeSlug,
  slugOf,
  visibleEnterprise,
  type StoredEnterprise,
} from './enterprises/enterprise.rules.js';
import { answered } from './introductions/introduction.rules.js';
import { cursorAfter, idPositionOf, namePositionOf, pageOfRows, positionOf } from './pages.rules.js';
import { codeOf, randomOf } from './referrals/referral-code.rules.js';

describe('A contact', () => {
  it.each([
    [' Anna@Example.ORG ', 'email:anna@example.org'],
    ['+49 (0)30 1234-567', 'phone:49301234567'],
    ['0049 30 1234567', 'phone:49301234567'],
    ['030/1234567', 'phone:0301234567'],
  ])('%j is compared as %s', (contact, expected) => {
    expect(comparable(contact)).toBe(expected);
  });

  it('of somebody erased has no name', () => {
    expect(nameOrFormer(null)).toBe('Former customer');
    expect(nameOrFormer('Anna')).toBe('Anna');
  });
});

describe('A slug', () => {
  it.each([
    ['Hof Grünberg & Söhne', 'hof-grunberg-sohne'],
    ['  Weiße Elster  ', 'weisse-elster'],
    ['Ферма', 'enterprise'],
    ['x'.repeat(80), 'x'.repeat(50)],
  ])('of %j is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('gets the first free number', () => {
    expect(freeSlug('hof', new Set())).toBe('hof');
    expect(freeSlug('hof', new Set(['hof', 'hof-2', 'hof-4']))).toBe('hof-3');
  });
});

describe('An enterprise', () => {
  const stored = {
    isProducer: true,
    isHub: false,
    contactPublished: false,
    contact: { name: 'A', email: 'a@b.cd', phone: null },
  };

  it('shows its contact to its managers, and to others when it is published', () => {
    expect(visibleEnterprise(stored as StoredEnterprise, false).contact).toBeNull();
    expect(visibleEnterprise(stored as StoredEnterprise, true).contact).toEqual(stored.contact);
    expect(
      visibleEnterprise({ ...stored, contactPublished: true } as StoredEnterprise, false).contact,
    ).toEqual(stored.contact);
  });

  it('keeps what is not changed, and is a producer or a hub', () => {
    expect(changedEnterprise(stored, { isHub: true, isProducer: undefined })).toMatchObject({
      isHub: true,
      isProducer: true,
    });
    expect(() => changedEnterprise(stored, { isProducer: false })).toThrow(DomainError);
  });
});

describe('An introduction', () => {
  it('is answered once', () => {
    expect(answered('proposed', 'accepted')).toBe('accepted');
    expect(answered('proposed', 'refused')).toBe('refused');
    expect(() => answered('accepted', 'refused')).toThrow('was accepted already');
  });
});

describe('A referral code', () => {
  it('carries its random bytes, and reads the same however it is typed', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(6), bytes(32), (random, signature) => {
        const code = codeOf(random, signature);
        expect(referralCode.parse(code)).toBe(code);
        expect(
          referralCode.parse(
            code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'),
          ),
        ).toBe(code);
        expect([...randomOf(code)]).toEqual([...random]);
      }),
    );
  });

  it('has one length', () => {
    expect(() => codeOf(new Uint8Array(5), new Uint8Array(4))).toThrow(RangeError);
    expect(() => codeOf(new Uint8Array(6), new Uint8Array(3))).toThrow(RangeError);
    expect(referralCode.safeParse('7K3M-9QWE').success).toBe(false);
  });
});

describe('A cursor', () => {
  const id = '019339d2-0000-7000-8000-000000000000';

  it('comes back as the position it names', () => {
    expect(idPositionOf(cursorAfter(id))).toBe(id);
    expect(namePositionOf(cursorAfter('Hof', id))).toEqual({ name: 'Hof', id });
    expect(positionOf(undefined, 1)).toBeUndefined();
    expect(namePositionOf(undefined)).toBeUndefined();
  });

  it.each(['', 'x', cursorAfter('a', 'b', 'c'), cursorAfter('\0'), Buffer.from('[1]').toString('base64url')])(
    'that was not given out is refused: %j',
    (cursor) => {
      expect(() => idPositionOf(cursor)).toThrow('The cursor is not one that was given out.');
      expect(() => namePositionOf(cursor)).toThrow(DomainError);
    },
  );

  it('that names no id is refused', () => {
    expect(() => idPositionOf(cursorAfter('hof'))).toThrow(DomainError);
    expect(() => namePositionOf(cursorAfter('hof', 'hof'))).toThrow(DomainError);
  });

  it('is there while more rows follow', () => {
    expect(pageOfRows([1, 2, 3], 2, String)).toEqual({ page: [1, 2], nextCursor: '2' });
    expect(pageOfRows([1, 2], 2, String)).toEqual({ page: [1, 2], nextCursor: null });
    expect(pageOfRows([], 2, String)).toEqual({ page: [], nextCursor: null });
  });
});
