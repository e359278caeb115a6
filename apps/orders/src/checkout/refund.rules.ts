import type { RefundRequest } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';
import { planLines } from './refund-lines.rules.js';
import {
  exceedsPaid,
  goodsOf,
  isSame,
  partOf,
  restOf,
  totalled,
  unknown,
  type RefundableCapture,
  type RefundableLine,
  type RefundPlan,
} from './refund-parts.rules.js';

type Wanted = RefundRequest['refund'];

/**
 * What a refund takes back, line by line and payment by payment; both sums are the same, and nothing exceeds
 * what remains. Money goes back in proportion through the payments it came by. The plan changes nothing.
 * @throws refund-exceeds-paid naming the line; not-found for a line or payment that is not the order's.
 */
export function planRefund(
  wanted: Wanted,
  lines: readonly RefundableLine[],
  captures: readonly RefundableCapture[],
): RefundPlan {
  const plan = planOf(wanted, lines, captures);
  const empty = plan.captures.length === 0 && plan.lines.length === 0;
  if (empty) throw exceedsPaid([{ path: 'refund', message: 'finds nothing left to refund' }]);
  return plan;
}

function planOf(
  wanted: Wanted,
  lines: readonly RefundableLine[],
  captures: readonly RefundableCapture[],
): RefundPlan {
  switch (wanted.kind) {
    case 'lines':
      return planLines(wanted.lines, lines, captures);
    case 'surplus':
      return totalled(
        [],
        captures.map((capture) => partOf(capture, { goods: [], hubFeeMinor: 0 })),
      );
    case 'whole':
      return planCaptures(captures, captures, lines);
    case 'capture': {
      const capture = captures.find(({ captureId }) => captureId === wanted.captureId);
      if (!capture) throw unknown('refund.captureId', 'payment');
      return planCaptures([capture], captures, lines);
    }
  }
}

/** Everything that remains of `chosen`; with nothing left afterwards, every quantity counts as given back. */
function planCaptures(
  chosen: readonly RefundableCapture[],
  captures: readonly RefundableCapture[],
  lines: readonly RefundableLine[],
): RefundPlan {
  const others = captures.filter((capture) => !chosen.includes(capture));
  const isLast = others.every((capture) => goodsOf(capture) + capture.hubFeeMinor === 0);
  const goodsByLine = lines.map(() => 0);
  for (const { producerId, vatRateBps, amountMinor } of sumGoods(chosen)) {
    const indexes = lines.flatMap((line, index) =>
      line.producerId === producerId && line.vatRateBps === vatRateBps ? [index] : [],
    );
    const parts = allocate(
      amountMinor,
      indexes.map((index) => restOf(lines[index] as RefundableLine).goodsMinor),
    );
    for (const [position, index] of indexes.entries()) goodsByLine[index] = parts[position] ?? 0;
  }
  const fees = allocate(
    chosen.reduce((sum, capture) => sum + capture.hubFeeMinor, 0),
    lines.map((line) => restOf(line).hubFeeMinor),
  );
  const lineRefunds = lines.map((line, index) => ({
    lineNumber: line.lineNumber,
    quantity: isLast ? restOf(line).quantity : 0,
    goodsMinor: goodsByLine[index] ?? 0,
    hubFeeMinor: fees[index] ?? 0,
  }));
  const parts = chosen.map((capture) =>
    partOf(capture, {
      goods: capture.goods.map(({ remainingMinor, ...goods }) => ({ ...goods, amountMinor: remainingMinor })),
      hubFeeMinor: capture.hubFeeMinor,
    }),
  );
  return totalled(lineRefunds, parts);
}

function sumGoods(captures: readonly RefundableCapture[]) {
  const groups: { producerId: string; vatRateBps: number; amountMinor: number }[] = [];
  for (const goods of captures.flatMap((capture) => capture.goods)) {
    const group = groups.find((known) => isSame(known, goods));
    if (group) group.amountMinor += goods.remainingMinor;
    else
      groups.push({
        producerId: goods.producerId,
        vatRateBps: goods.vatRateBps,
        amountMinor: goods.remainingMinor,
      });
  }
  return groups;
}
