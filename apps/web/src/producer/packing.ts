import type { PackingLine, PackingOrder } from '@foodshed/contracts';
import type { WaitingTick } from '../device/device.js';

/** How many of a line go into the box: what was ordered less what was given back. */
export const leftOf = (line: PackingLine): number => line.quantity - line.refundedQuantity;

export const labelOf = (order: PackingOrder, line: PackingLine): string =>
  `${order.reference}: ${leftOf(line)} × ${line.productName}`;

/** The tick of a line that was made here and is not recorded yet. */
export function waitingOf(
  { orderId }: PackingOrder,
  { lineNumber }: PackingLine,
  waiting: readonly WaitingTick[],
): WaitingTick | undefined {
  return waiting.find((tick) => tick.orderId === orderId && tick.lineNumber === lineNumber);
}

/** Whether a line is in its box, as far as this browser knows. */
export function isPacked(line: PackingLine, waiting: WaitingTick | undefined): boolean {
  if (waiting && !waiting.refused) return waiting.isPacked;
  return line.tick?.isPacked === true && line.tick.quantity === leftOf(line);
}

export function isLeftToPack(order: PackingOrder, waiting: readonly WaitingTick[]): boolean {
  return order.lines.some((line) => !isPacked(line, waitingOf(order, line, waiting)));
}

/** Whether an order is the one somebody at the stall asks for: by its number or the buyer's name. */
export function matches(
  order: PackingOrder,
  nameOf: (id: string) => string | undefined,
  search: string,
): boolean {
  const wanted = search.trim().toLocaleLowerCase();
  return [order.reference, nameOf(order.buyer.id) ?? ''].some((text) =>
    text.toLocaleLowerCase().includes(wanted),
  );
}
