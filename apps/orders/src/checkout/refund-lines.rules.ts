import type { FieldProblem } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';
import {
  exceedsPaid,
  fieldOf,
  isSame,
  partOf,
  repeated,
  restOf,
  sum,
  totalled,
  unknown,
  type CaptureRefund,
  type LineRefund,
  type RefundableCapture,
  type RefundableLine,
  type RefundPlan,
} from './refund-parts.rules.js';

/**
 * A refund of single lines: by quantity the goods and their part of the hub fee, by amount goods only. Each
 * payment gives back the part of the line that it paid.
 * @throws refund-exceeds-paid, not-found or invalid-input naming the line.
 */
export function planLines(
  wanted: readonly { lineNumber: number; quantity?: number; amountMinor?: number }[],
  lines: readonly RefundableLine[],
  captures: readonly RefundableCapture[],
): RefundPlan {
  const seen = new Set<number>();
  const refunds = wanted.map((want, index) => {
    const line = lines.find(({ lineNumber }) => lineNumber === want.lineNumber);
    if (!line) throw unknown(`refund.lines.${index}.lineNumber`, 'line');
    if (seen.has(want.lineNumber)) throw repeated(index);
    seen.add(want.lineNumber);
    return { line, refund: lineRefund(want, line, index), index };
  });
  const taken = new Map<RefundableCapture, { goods: CaptureRefund['goods'][number][]; hubFeeMinor: number }>(
    captures.map((capture) => [capture, { goods: [], hubFeeMinor: 0 }]),
  );
  for (const group of groupRefunds(refunds)) {
    const sources = captures.map((capture) => capture.goods.find((goods) => isSame(goods, group)));
    const remaining = sources.map((source) => source?.remainingMinor ?? 0);
    if (group.amountMinor > sum(remaining)) throw exceedsPaid(group.fields);
    const amounts = allocate(group.amountMinor, remaining);
    const units = sources.map((source) => source?.units ?? 0);
    const unitParts = allocate(Math.min(group.units, sum(units)), units);
    for (const [index, capture] of captures.entries()) {
      const { producerId, vatRateBps } = group;
      const amountMinor = amounts[index] ?? 0;
      const isAll = amountMinor === remaining[index];
      const part = {
        producerId,
        vatRateBps,
        amountMinor,
        units: (isAll ? units[index] : unitParts[index]) ?? 0,
      };
      if (amountMinor > 0) taken.get(capture)?.goods.push(part);
    }
  }
  const feeMinor = sum(refunds.map(({ refund }) => refund.hubFeeMinor));
  const feesLeft = captures.map(({ hubFeeMinor }) => hubFeeMinor);
  if (feeMinor > sum(feesLeft)) throw exceedsPaid(refunds.map(({ index }) => fieldOf(index)));
  const fees = allocate(feeMinor, feesLeft);
  for (const [index, capture] of captures.entries()) {
    const part = taken.get(capture);
    if (part) part.hubFeeMinor = fees[index] ?? 0;
  }
  const parts = captures.map((capture) => ({
    ...partOf(capture, taken.get(capture) ?? { goods: [], hubFeeMinor: 0 }),
    surplusMinor: 0,
  }));
  return totalled(
    refunds.map(({ refund }) => refund),
    parts,
  );
}

/** By quantity: unit price × quantity and the fee's part, cumulative, so that the last one takes what is left. */
function lineRefund(
  want: { quantity?: number; amountMinor?: number },
  line: RefundableLine,
  index: number,
): LineRefund {
  const rest = restOf(line);
  const { lineNumber } = line;
  if (want.quantity === undefined) {
    const goodsMinor = want.amountMinor ?? 0;
    if (goodsMinor > rest.goodsMinor) throw exceedsPaid([fieldOf(index)]);
    return { lineNumber, quantity: 0, goodsMinor, hubFeeMinor: 0 };
  }
  const { quantity } = want;
  if (quantity > rest.quantity) throw exceedsPaid([fieldOf(index)]);
  const isLast = quantity === rest.quantity;
  const given = line.refundedQuantity + quantity;
  const [feeSoFar = 0] = allocate(line.hubFeeMinor, [given, line.quantity - given]);
  return {
    lineNumber,
    quantity,
    goodsMinor: isLast ? rest.goodsMinor : Math.min(line.unitPriceMinor * quantity, rest.goodsMinor),
    hubFeeMinor: isLast ? rest.hubFeeMinor : Math.max(0, feeSoFar - line.refundedHubFeeMinor),
  };
}

interface RefundGroup {
  readonly producerId: string;
  readonly vatRateBps: number;
  amountMinor: number;
  units: number;
  readonly fields: FieldProblem[];
}

function groupRefunds(
  refunds: readonly { line: RefundableLine; refund: LineRefund; index: number }[],
): RefundGroup[] {
  const groups: RefundGroup[] = [];
  for (const { line, refund, index } of refunds) {
    let group = groups.find((known) => isSame(known, line));
    if (!group) {
      const { producerId, vatRateBps } = line;
      group = { producerId, vatRateBps, amountMinor: 0, units: 0, fields: [] };
      groups.push(group);
    }
    group.amountMinor += refund.goodsMinor;
    group.units += refund.quantity;
    group.fields.push(fieldOf(index));
  }
  return groups;
}
