import fc from 'fast-check';
import {
  allocate,
  atRate,
  currencyDecimals,
  fromDecimal,
  isDecimal,
  marginal,
  MoneyError,
  multiplyRounded,
  netOfVat,
  perUnit,
  platformCap,
  split,
  toDecimal,
  vatOn,
  weighedLine,
  withinBounds,
} from './index.js';

const sum = (parts: readonly number[]): number => parts.reduce((left, right) => left + right, 0);
const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const weights = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 30 })
  .filter((list) => sum(list) > 0);
const rates = fc
  .array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 8 })
  .filter((list) => sum(list) <= 10_000);

describe('allocate', () => {
  test.each([
    [15, [80, 8, 12], [12, 1, 2]],
    [100, [1, 1, 1], [34, 33, 33]],
    [100, [0, 2, 1], [0, 67, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [1_000_000, [1, 1, 1], [333_334, 333_333, 333_333]],
    [226, [1290, 735, 2499], [64, 37, 125]],
    [1000, [1290, 735, 2499], [285, 163, 552]],
    [0, [0, 0], [0, 0]],
    [Number.MAX_SAFE_INTEGER, [1, 1], [4_503_599_627_370_496, 4_503_599_627_370_495]],
  ])('divides %d by %j into %j', (total, by, parts) => {
    expect(allocate(total, by)).toEqual(parts);
  });

  it('gives parts that sum to the total, each within one unit of exact', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const parts = allocate(total, by);
        expect(sum(parts)).toBe(total);
        parts.forEach((part, index) => {
          expect(Math.abs(part - (total * by[index]!) / sum(by))).toBeLessThanOrEqual(1.001);
          if (by[index] === 0) expect(part).toBe(0);
        });
      }),
    );
  });

  it('mirrors negative totals', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        expect(allocate(-total, by)).toEqual(allocate(total, by).map((part) => -part || 0));
      }),
    );
  });

  test.each([
    ['a negative weight', 10, [1, -1]],
    ['nobody to give to', 10, [0, 0]],
    ['a fraction of a unit', 0.5, [1]],
    ['more than a safe integer', 2 ** 53, [1]],
  ])('refuses %s', (_, total, by) => {
    expect(() => allocate(total, by)).toThrow(MoneyError);
  });
});

describe('split', () => {
  test.each([
    [645, [3000], [194], 451],
    [2345, [835, 810, 190], [196, 190, 45], 1914],
    [3333, [835, 810, 190], [278, 270, 63], 2722],
    [-3333, [835, 810, 190], [-278, -270, -63], -2722],
    [1, [5000, 5000], [1, 0], 0],
    [0, [835], [0], 0],
    [1000, [], [], 1000],
  ])('splits %d at %j into %j and leaves %d', (base, shares, parts, residualMinor) => {
    expect(split(base, shares)).toEqual({ parts, residualMinor });
  });

  it('takes a share of a share: 12 % of 45.24, of which the hub gets 35 %', () => {
    const fee = atRate(4524, 1200);
    expect(fee).toBe(543);
    expect(split(fee, [3500])).toEqual({ parts: [190], residualMinor: 353 });
  });

  it('sums to the base; every share is within half a unit of exact, unless roundings overrun the base and cut the last', () => {
    const isWithinHalf = (part: number, base: number, rateBps: number): boolean => {
      const twiceOff = 2n * (BigInt(part) * 10_000n - BigInt(base) * BigInt(rateBps));
      return twiceOff <= 10_000n && twiceOff >= -10_000n;
    };
    fc.assert(
      fc.property(amount, rates, (base, shares) => {
        const { parts, residualMinor } = split(base, shares);
        expect(sum(parts) + residualMinor).toBe(base);
        expect(Math.sign(residualMinor) * Math.sign(base)).toBeGreaterThanOrEqual(0);
        const firstCut = parts.findIndex((part, index) => !isWithinHalf(part, base, shares[index]!));
        if (firstCut >= 0) {
          expect(sum(shares.map((rate) => atRate(Math.abs(base), rate)))).toBeGreaterThan(Math.abs(base));
          expect(residualMinor).toBe(0);
          expect(parts.slice(firstCut + 1).every((part) => part === 0)).toBe(true);
        }
      }),
      { examples: [[10, [1_500, 500, 1_500, 2_500, 2_502]]] },
    );
  });

  it('refuses shares above the whole', () => {
    expect(() => split(100, [6000, 5000])).toThrow(MoneyError);
  });
});

describe('refunds', () => {
  it('claw back 0.17, 0.16, 0.17 and 0.00 of a fee of 0.50 on 10.00', () => {
    let remaining = 1000;
    let standing = atRate(remaining, 500);
    const clawbacks = [333, 333, 333, 1].map((refund) => {
      remaining -= refund;
      const target = atRate(remaining, 500);
      const clawback = standing - target;
      standing = target;
      return clawback;
    });
    expect(clawbacks).toEqual([17, 16, 17, 0]);
  });

  it('leave every beneficiary at zero in whatever order and grouping the parts came', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, rates, (refunds, shares) => {
        let remaining = sum(refunds);
        let standing = split(remaining, shares);
        const totals = [...standing.parts, standing.residualMinor];
        for (const refund of refunds) {
          remaining -= refund;
          const target = split(remaining, shares);
          target.parts.forEach((part, index) => (totals[index]! += part - standing.parts[index]!));
          totals[shares.length]! += target.residualMinor - standing.residualMinor;
          standing = target;
        }
        expect(totals.every((total) => total === 0)).toBe(true);
      }),
    );
  });

  it('of 20.00, 33.33 and 6.67 at 8.35 %: 5.01 earned, 4.45 after refunding the last', () => {
    const earned = [2000, 3333, 667].map((sale) => atRate(sale, 835));
    expect(earned).toEqual([167, 278, 56]);
    expect(sum(earned)).toBe(501);
    expect(sum(earned) - earned[2]!).toBe(445);
  });
});

describe('bases and VAT', () => {
  it('takes 5 % of 24.99 including 9 % VAT on 22.93: 1.15', () => {
    expect(netOfVat(2499, 900)).toBe(2293);
    expect(atRate(2293, 500)).toBe(115);
  });

  it('lowers the bases of three lines by a discount of 10.00, and 5 % of the sum is 1.76', () => {
    const lines = [1290, 735, 2499];
    const discount = allocate(1000, lines);
    const bases = lines.map((line, index) => line - discount[index]!);
    expect(bases).toEqual([1005, 572, 1947]);
    expect(atRate(sum(bases), 500)).toBe(176);
  });

  it('pays the producer 7.95 of L’Alveare’s published sale of 11.00', () => {
    const net = netOfVat(1100, 1000);
    const platform = atRate(net, 1300);
    const host = atRate(net, 1200);
    expect([net, platform, vatOn(platform, 2200), host, vatOn(host, 2200)]).toEqual([1000, 130, 29, 120, 26]);
    expect(1100 - platform - vatOn(platform, 2200) - host - vatOn(host, 2200)).toBe(795);
  });

  it('weighs once: 1.347 kg at 6.49 is 8.74, of which 4 % is 0.35', () => {
    expect(weighedLine(1347, 649)).toBe(874);
    expect(atRate(874, 400)).toBe(35);
  });
});

describe('rates and bounds', () => {
  it('takes a flat amount per unit: 3 × 2.50 = 7.50', () => {
    expect(perUnit(3, 250)).toBe(750);
  });

  test.each([
    [900, 500, { minimumMinor: 150 }, 150],
    [120_000, 500, { capMinor: 2000 }, 2000],
    [100, 500, { minimumMinor: 150 }, 100],
    [0, 500, { minimumMinor: 150 }, 0],
  ])('of %d at %d bps within %j is %d', (base, rate, bounds, expected) => {
    expect(withinBounds(atRate(base, rate), base, bounds)).toBe(expected);
  });

  const tiers = [
    { fromMinor: 0, rateBps: 300 },
    { fromMinor: 100_000, rateBps: 500 },
    { fromMinor: 500_000, rateBps: 700 },
  ];

  test.each([
    [0, 620_000, 31_400],
    [90_000, 35_000, 1_550],
    [0, 0, 0],
  ])(
    'on top of %d, %d earns %d under 3 %% to 1,000, 5 %% to 5,000, 7 %% above',
    (position, base, expected) => {
      expect(marginal(position, base, tiers)).toBe(expected);
    },
  );

  it('refuses tiers that do not begin at zero or do not ascend', () => {
    expect(() => marginal(0, 1, [{ fromMinor: 1, rateBps: 1 }])).toThrow(MoneyError);
    expect(() => marginal(0, 1, [tiers[0]!, tiers[2]!, tiers[1]!])).toThrow(MoneyError);
  });

  it('caps the platform by rounding down, below a rounded share where the rates are equal', () => {
    expect(platformCap(4524, 1200)).toBe(542);
    expect(atRate(4524, 1200)).toBe(543);
  });
});

describe('amounts', () => {
  test.each([
    ['EUR', 2, 1234, '12.34'],
    ['JPY', 0, 1234, '1234'],
    ['KWD', 3, -5, '-0.005'],
    ['EUR', 2, 0, '0.00'],
  ])('writes %s with %d decimals and reads it back', (currency, decimals, minor, text) => {
    expect(currencyDecimals(currency)).toBe(decimals);
    expect(toDecimal(minor, currency)).toBe(text);
    expect(isDecimal(text, currency)).toBe(true);
    expect(fromDecimal(text, currency)).toBe(minor);
  });

  test.each(['1,00', '1.234', '', 'x', '1e3', ' 1'])('does not read %j as euros', (text) => {
    expect(isDecimal(text, 'EUR')).toBe(false);
    expect(() => fromDecimal(text, 'EUR')).toThrow(MoneyError);
  });

  it('rounds half away from zero and never loses a unit below 2^53', () => {
    expect(multiplyRounded(5, 1, 2)).toBe(3);
    expect(multiplyRounded(-5, 1, 2)).toBe(-3);
    expect(multiplyRounded(Number.MAX_SAFE_INTEGER, 9_999, 10_000)).toBe(9_006_298_534_815_517);
  });
});
