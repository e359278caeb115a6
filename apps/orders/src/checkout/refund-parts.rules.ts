import { DomainError, type FieldProblem } from '@foodshed/contracts';

/** A line with what was refunded of it so far; amounts in minor units. */
export interface RefundableLine {
  readonly lineNumber: number;
  readonly producerId: string;
  readonly vatRateBps: number;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly grossMinor: number;
  readonly hubFeeMinor: number;
  readonly refundedQuantity: number;
  readonly refundedMinor: number;
  readonly refundedHubFeeMinor: number;
}

export interface CaptureGoods {
  readonly producerId: string;
  readonly vatRateBps: number;
  readonly remainingMinor: number;
  readonly units: number;
}

/** A payment with what remains of it; goods by producer and VAT rate. */
export interface RefundableCapture {
  readonly captureId: string;
  readonly goods: readonly CaptureGoods[];
  readonly hubFeeMinor: number;
  readonly surplusMinor: number;
}

export interface LineRefund {
  readonly lineNumber: number;
  readonly quantity: number;
  readonly goodsMinor: number;
  readonly hubFeeMinor: number;
}

/** What goes back of one payment; goods in the order the payment has them, without parts of zero. */
export interface CaptureRefund {
  readonly captureId: string;
  readonly goods: readonly { producerId: string; vatRateBps: number; amountMinor: number; units: number }[];
  readonly hubFeeMinor: number;
  readonly surplusMinor: number;
}

export interface RefundPlan {
  readonly lines: readonly LineRefund[];
  readonly captures: readonly CaptureRefund[];
  /** Goods and hub fee together, over all captures. */
  readonly amountMinor: number;
  readonly surplusMinor: number;
}

/** The part of a payment that goes back: these goods, without parts of zero, this fee, and all of its surplus. */
export function partOf(
  capture: RefundableCapture,
  { goods, hubFeeMinor }: { goods: CaptureRefund['goods']; hubFeeMinor: number },
): CaptureRefund {
  return {
    captureId: capture.captureId,
    goods: goods.filter(({ amountMinor }) => amountMinor > 0),
    hubFeeMinor,
    surplusMinor: capture.surplusMinor,
  };
}

/** The plan with its sums in minor units; lines and payments that nothing is taken from are left out. */
export function totalled(lines: readonly LineRefund[], captures: readonly CaptureRefund[]): RefundPlan {
  const touched = captures.filter(
    ({ goods, hubFeeMinor, surplusMinor }) => goods.length > 0 || hubFeeMinor > 0 || surplusMinor > 0,
  );
  return {
    lines: lines.filter(
      ({ quantity, goodsMinor, hubFeeMinor }) => quantity > 0 || goodsMinor > 0 || hubFeeMinor > 0,
    ),
    captures: touched,
    amountMinor: sum(
      touched.map(({ goods, hubFeeMinor }) => hubFeeMinor + sum(goods.map(({ amountMinor }) => amountMinor))),
    ),
    surplusMinor: sum(touched.map(({ surplusMinor }) => surplusMinor)),
  };
}

/** What is left of a line after its refunds, in sale units and minor units. */
export function restOf(line: RefundableLine): { quantity: number; goodsMinor: number; hubFeeMinor: number } {
  return {
    quantity: line.quantity - line.refundedQuantity,
    goodsMinor: line.grossMinor - line.refundedMinor,
    hubFeeMinor: line.hubFeeMinor - line.refundedHubFeeMinor,
  };
}

/** What remains of a payment's goods, in minor units, without hub fee. */
export const goodsOf = (capture: RefundableCapture): number =>
  sum(capture.goods.map(({ remainingMinor }) => remainingMinor));

/** The sum; 0 of nothing. */
export const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);

export interface GoodsKey {
  readonly producerId: string;
  readonly vatRateBps: number;
}

/** True for the same producer and VAT rate. */
export const isSame = (a: GoodsKey, b: GoodsKey): boolean =>
  a.producerId === b.producerId && a.vatRateBps === b.vatRateBps;

/** The field of the request that names the line too much is asked of; `index` counts from 0. */
export const fieldOf = (index: number): FieldProblem => ({
  path: `refund.lines.${index}`,
  message: 'is more than was paid for it and not given back yet',
});

/** The refusal refund-exceeds-paid. */
export function exceedsPaid(fields: readonly FieldProblem[]): DomainError {
  return new DomainError('refund-exceeds-paid', {
    detail: 'More would be refunded than was paid and not given back yet.',
    fields,
  });
}

/** The refusal not-found for something that is not of this order. */
export function unknown(path: string, what: string): DomainError {
  return new DomainError('not-found', {
    detail: `The order has no such ${what}.`,
    fields: [{ path, message: `is not a ${what} of this order` }],
  });
}

/** The refusal for a line that is named twice; `index` counts from 0. */
export function repeated(index: number): DomainError {
  return new DomainError('invalid-input', {
    detail: 'Each line may be refunded once in one request.',
    fields: [{ path: `refund.lines.${index}.lineNumber`, message: 'is named twice' }],
  });
}
