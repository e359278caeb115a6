import { DomainError } from '@foodshed/contracts';
import fc from 'fast-check';
import { coverWith, type CoveredGoods } from './capture.rules.js';
import { groupGoods } from './pricing.rules.js';
import { isSame, sum, type RefundableCapture, type RefundableLine } from './refund-parts.rules.js';
import { planRefund } from './refund.rules.js';

type Book = { lines: RefundableLine[]; captures: RefundableCapture[] };
type Wanted = Parameters<typeof planRefund>[0];

interface Item {
  readonly producer: string;
  readonly vat: number;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly fee: number;
}

function linesOf(items: readonly Item[]): RefundableLine[] {
  return items.map(({ producer, vat, unitPrice, quantity, fee }, index) => ({
    lineNumber: index + 1,
    producerId: producer,
    vatRateBps: vat,
    quantity,
    unitPriceMinor: unitPrice,
    grossMinor: unitPrice * quantity,
    hubFeeMinor: fee,
    refundedQuantity: 0,
    refundedMinor: 0,
    refundedHubFeeMinor: 0,
  }));
}

/** The order paid by these amounts, one after the other. */
function paidBy(items: readonly Item[], payments: readonly number[]): Book {
  const lines = linesOf(items);
  const goods = groupGoods(lines);
  const hubFeeMinor = sum(lines.map((line) => line.hubFeeMinor));
  let covered: CoveredGoods[] = [];
  let coveredFeeMinor = 0;
  const captures = payments.map((payment, index) => {
    const cover = coverWith(payment, { goods, hubFeeMinor, covered, coveredFeeMinor });
    covered = [...covered, ...cover.goods];
    coveredFeeMinor += cover.hubFeeMinor;
    return {
      captureId: `c${index}`,
      goods: cover.goods.map(({ amountMinor, ...rest }) => ({ ...rest, remainingMinor: amountMinor })),
      hubFeeMinor: cover.hubFeeMinor,
      surplusMinor: cover.surplusMinor,
    };
  });
  return { lines, captures };
}

/** The book after the refund, checked to be consistent with its plan. */
function refund(book: Book, wanted: Wanted): Book {
  const plan = planRefund(wanted, book.lines, book.captures);
  const byLines = sum(plan.lines.map(({ goodsMinor, hubFeeMinor }) => goodsMinor + hubFeeMinor));
  expect(byLines).toBe(plan.amountMinor);
  const lines = book.lines.map((line) => {
    const part = plan.lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
    return {
      ...line,
      refundedQuantity: line.refundedQuantity + (part?.quantity ?? 0),
      refundedMinor: line.refundedMinor + (part?.goodsMinor ?? 0),
      refundedHubFeeMinor: line.refundedHubFeeMinor + (part?.hubFeeMinor ?? 0),
    };
  });
  const captures = book.captures.map((capture) => {
    const part = plan.captures.find(({ captureId }) => captureId === capture.captureId);
    return {
      captureId: capture.captureId,
      goods: capture.goods.map((goods) => {
        const taken = part?.goods.find((refunded) => isSame(refunded, goods));
        const remainingMinor = goods.remainingMinor - (taken?.amountMinor ?? 0);
        return { ...goods, remainingMinor, units: goods.units - (taken?.units ?? 0) };
      }),
      hubFeeMinor: capture.hubFeeMinor - (part?.hubFeeMinor ?? 0),
      surplusMinor: capture.surplusMinor - (part?.surplusMinor ?? 0),
    };
  });
  for (const line of lines) {
    expect(line.refundedMinor).toBeLessThanOrEqual(line.grossMinor);
    expect(line.refundedQuantity).toBeLessThanOrEqual(line.quantity);
    expect(line.refundedHubFeeMinor).toBeLessThanOrEqual(line.hubFeeMinor);
  }
  for (const { goods, hubFeeMinor } of captures) {
    expect(hubFeeMinor).toBeGreaterThanOrEqual(0);
    for (const { remainingMinor, units } of goods) {
      expect(Math.min(remainingMinor, units)).toBeGreaterThanOrEqual(0);
    }
  }
  return { lines, captures };
}

const refused = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

const item = (more: Partial<Item> = {}): Item => ({
  producer: 'a',
  vat: 0,
  unitPrice: 500,
  quantity: 2,
  fee: 0,
  ...more,
});
const remaining = ({ captures }: Book): number[] =>
  captures.map(({ goods, hubFeeMinor }) => hubFeeMinor + sum(goods.map((part) => part.remainingMinor)));

describe('a payment', () => {
  it('of a part covers goods and hub fee in proportion, the last one the rest exactly', () => {
    const { captures } = paidBy(
      [item({ fee: 50 }), item({ producer: 'b', unitPrice: 333, fee: 33 })],
      [700, 1_049],
    );
    expect(
      captures.map(({ goods, hubFeeMinor }) => [...goods.map((part) => part.remainingMinor), hubFeeMinor]),
    ).toEqual([
      [400, 267, 33],
      [600, 399, 50],
    ]);
    expect(captures.flatMap(({ goods }) => goods.map(({ units }) => units))).toEqual([0, 0, 2, 2]);
  });

  it('beyond what is outstanding is surplus', () => {
    const { captures } = paidBy([item()], [900, 250]);
    expect(captures.map(({ surplusMinor }) => surplusMinor)).toEqual([0, 150]);
  });

  it('of nothing outstanding is all surplus', () => {
    const { captures } = paidBy([item()], [1_000, 250]);
    expect(captures[1]).toEqual({ captureId: 'c1', goods: [], hubFeeMinor: 0, surplusMinor: 250 });
  });
});

describe('a refund', () => {
  it('by quantity gives back the goods and their part of the hub fee, the last unit what is left of it', () => {
    const book = paidBy([item({ quantity: 3, fee: 10 })], [1_510]);
    const fees = [1, 1, 1].reduce<{ book: Book; fees: number[] }>(
      (state) => {
        const next = refund(state.book, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] });
        return { book: next, fees: [...state.fees, next.lines[0]?.refundedHubFeeMinor ?? 0] };
      },
      { book, fees: [] },
    );
    expect(fees.fees).toEqual([3, 7, 10]);
    expect(remaining(fees.book)).toEqual([0]);
  });

  it('by amount gives back goods only', () => {
    const after = refund(paidBy([item({ fee: 50 })], [1_050]), {
      kind: 'lines',
      lines: [{ lineNumber: 1, amountMinor: 333 }],
    });
    expect(remaining(after)).toEqual([717]);
    expect(after.captures[0]?.goods[0]?.units).toBe(2);
  });

  it('of a line goes back through each payment by what it paid of it', () => {
    const book = paidBy([item({ unitPrice: 5_000 })], [2_500, 7_500]);
    const after = refund(book, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] });
    expect(remaining(after)).toEqual([1_250, 3_750]);
  });

  it('of one payment leaves the other as it is', () => {
    const book = paidBy([item({ unitPrice: 5_000, quantity: 2 })], [5_000, 5_000]);
    const after = refund(book, { kind: 'capture', captureId: 'c0' });
    expect(remaining(after)).toEqual([0, 5_000]);
    expect(after.lines[0]).toMatchObject({ refundedMinor: 5_000, refundedQuantity: 0 });
    const last = refund(after, { kind: 'capture', captureId: 'c1' });
    expect(last.lines[0]).toMatchObject({ refundedMinor: 10_000, refundedQuantity: 2 });
  });

  it('of the surplus leaves the goods as they are', () => {
    const after = refund(paidBy([item()], [1_200]), { kind: 'surplus' });
    expect(remaining(after)).toEqual([1_000]);
    expect(after.captures[0]?.surplusMinor).toBe(0);
  });

  it.each<[string, Wanted, string[]]>([
    [
      'more units than are left',
      { kind: 'lines', lines: [{ lineNumber: 2, quantity: 3 }] },
      ['refund.lines.0'],
    ],
    [
      'a larger amount than is left',
      { kind: 'lines', lines: [{ lineNumber: 1, amountMinor: 1_001 }] },
      ['refund.lines.0'],
    ],
    ['surplus where there is none', { kind: 'surplus' }, ['refund']],
  ])('of %s is refused, naming it', (_what, wanted, paths) => {
    const book = paidBy([item(), item({ producer: 'b' })], [2_000]);
    const error = refused(() => planRefund(wanted, book.lines, book.captures));
    expect(error.code).toBe('refund-exceeds-paid');
    expect(error.options.fields?.map(({ path }) => path)).toEqual(paths);
  });

  it('of a line that is only partly paid is refused, its paid amount is not', () => {
    const book = paidBy([item({ quantity: 1, unitPrice: 1_000 }), item({ producer: 'b' })], [1_000]);
    const line = (amountMinor: number): Wanted => ({
      kind: 'lines',
      lines: [{ lineNumber: 1, amountMinor }],
    });
    expect(refused(() => refund(book, line(501))).code).toBe('refund-exceeds-paid');
    expect(remaining(refund(book, line(500)))).toEqual([500]);
  });

  it('of a line or a payment that is not the order’s, or of one line twice, is refused', () => {
    const book = paidBy([item()], [1_000]);
    const lines = (numbers: number[]): Wanted => ({
      kind: 'lines',
      lines: numbers.map((lineNumber) => ({ lineNumber, quantity: 1 })),
    });
    expect(refused(() => refund(book, lines([2]))).code).toBe('not-found');
    expect(refused(() => refund(book, lines([1, 1]))).code).toBe('invalid-input');
    expect(refused(() => refund(book, { kind: 'capture', captureId: 'x' })).code).toBe('not-found');
  });

  const anItem = fc.record({
    producer: fc.constantFrom('a', 'b', 'c'),
    vat: fc.constantFrom(0, 700, 1_900),
    unitPrice: fc.nat(2_000),
    quantity: fc.integer({ min: 1, max: 6 }),
    fee: fc.nat(60),
  });
  const aStep = fc.oneof(
    fc.record({ line: fc.nat(7), quantity: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ line: fc.nat(7), amountMinor: fc.integer({ min: 1, max: 3_000 }) }),
    fc.record({ capture: fc.nat(3) }),
  );

  it('in any order and grouping ends at zero: of lines, of payments, of hub fee and of units', () => {
    const cases = fc.record({
      items: fc.array(anItem, { minLength: 1, maxLength: 8 }),
      payments: fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 4 }),
      steps: fc.array(aStep, { maxLength: 12 }),
    });
    fc.assert(
      fc.property(cases, ({ items, payments, steps }) => {
        let book = paidBy(items, payments);
        for (const step of steps) {
          try {
            book = refund(book, wantedOf(step, items.length));
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
        }
        const left = remaining(book).some((amount) => amount > 0);
        const surplus = book.captures.some(({ surplusMinor }) => surplusMinor > 0);
        if (left || surplus) book = refund(book, { kind: 'whole' });
        expect(remaining(book).every((amount) => amount === 0)).toBe(true);
        expect(book.captures.every(({ surplusMinor }) => surplusMinor === 0)).toBe(true);
        expect(book.captures.flatMap(({ goods }) => goods).every(({ units }) => units === 0)).toBe(true);
        expect(refused(() => planRefund({ kind: 'surplus' }, book.lines, book.captures)).code).toBe(
          'refund-exceeds-paid',
        );
      }),
      { numRuns: 300 },
    );
  });

  function wantedOf(
    step: { line: number; quantity?: number; amountMinor?: number } | { capture: number },
    lines: number,
  ): Wanted {
    if ('capture' in step) return { kind: 'capture', captureId: `c${step.capture}` };
    const { line, ...rest } = step;
    return { kind: 'lines', lines: [{ lineNumber: (line % lines) + 1, ...rest }] };
  }

  it('of captures allocates exactly: parts sum to what is paid, none exceeds its goods', () => {
    const cases = fc.record({
      items: fc.array(anItem, { minLength: 1, maxLength: 8 }),
      payments: fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ items, payments }) => {
        const { lines, captures } = paidBy(items, payments);
        const total = sum(lines.map(({ grossMinor, hubFeeMinor }) => grossMinor + hubFeeMinor));
        const paid = sum(payments);
        expect(sum(captures.map(({ surplusMinor }) => surplusMinor))).toBe(Math.max(0, paid - total));
        expect(sum(remaining({ lines, captures }))).toBe(Math.min(paid, total));
        for (const group of groupGoods(lines)) {
          const parts = captures.flatMap(({ goods }) => goods.filter((part) => isSame(part, group)));
          const amount = sum(parts.map(({ remainingMinor }) => remainingMinor));
          expect(amount).toBeLessThanOrEqual(group.grossMinor);
          if (paid >= total && amount > 0) expect(sum(parts.map(({ units }) => units))).toBe(group.units);
        }
      }),
    );
  });
});
