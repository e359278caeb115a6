import { Injectable } from '@nestjs/common';
import {
  DomainError,
  hasRole,
  managesEnterprise,
  type Caller,
  type Order,
  type OrderCapture,
  type OrderLine,
} from '@foodshed/contracts';
import { type Tx } from '@foodshed/platform';
import { readCaptures, type CaptureRow } from './captures.store.js';
import { readLines, summaryOf, type OrderRow } from './orders.store.js';

/** An order as the one who asks may see it: whole, or a producer's own lines. */
@Injectable()
export class OrderViewService {
  /** @throws not-found for somebody it is none of the business of, as if it were not there. */
  async view(tx: Tx, order: OrderRow, caller: Caller): Promise<Order> {
    const seenAs = roleOf(order, caller);
    if (seenAs) {
      const captures = await readCaptures(tx, order);
      return orderView(order, { seenAs, lines: await readLines(tx, order), captures });
    }
    const enterpriseIds = caller.kind === 'person' ? caller.enterpriseIds : [];
    const lines = enterpriseIds.length > 0 ? await readLines(tx, order, enterpriseIds) : [];
    if (lines.length === 0) throw new DomainError('not-found', { detail: 'There is no such order.' });
    return orderView(order, { seenAs: 'producer', lines, captures: [] });
  }
}

function roleOf(order: OrderRow, caller: Caller): 'buyer' | 'hub' | 'steward' | null {
  if (managesEnterprise(caller, order.hubId)) return 'hub';
  if (isBuyer(order, caller)) return 'buyer';
  return hasRole(caller, 'steward') ? 'steward' : null;
}

/** True for the person who buys, and for the managers of the enterprise that buys. */
export function isBuyer({ buyer }: OrderRow, caller: Caller): boolean {
  if (buyer.kind === 'enterprise') return managesEnterprise(caller, buyer.id);
  return caller.kind === 'person' && caller.personId === buyer.id;
}

/** The order as it is seen by who is given. */
export function orderView(
  row: OrderRow,
  seen: { seenAs: Order['seenAs']; lines: OrderLine[]; captures: readonly CaptureRow[] },
): Order {
  const { paymentMethod, goodsMinor, hubFeeMinor, totalMinor, ...summary } = summaryOf(row);
  const { paidMinor, refundedMinor, surplusMinor, outstandingMinor, ...head } = summary;
  const amounts = { paidMinor, refundedMinor, surplusMinor, outstandingMinor };
  return {
    ...head,
    seenAs: seen.seenAs,
    lines: seen.lines,
    totals:
      seen.seenAs === 'producer' ? null : { paymentMethod, goodsMinor, hubFeeMinor, totalMinor, ...amounts },
    captures: seen.captures.map(captureView),
  };
}

function captureView(capture: CaptureRow): OrderCapture {
  return {
    captureId: capture.captureId,
    version: capture.version,
    method: capture.method,
    holder: capture.holder,
    amountMinor: capture.amountMinor,
    remainingMinor: capture.remainingMinor,
    surplusMinor: capture.surplusMinor,
    paidAt: capture.paidAt.toISOString(),
  };
}
