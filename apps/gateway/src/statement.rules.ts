import type { AccountEntry, AccountStatement, LedgerHead } from '@foodshed/contracts';
import { toDecimal } from '@foodshed/money';

const COLUMNS = 'version,recorded_at,occurred_at,kind,reference,line,share,change,standing,currency';

/**
 * A statement as CSV: the opening, every entry (the pages after the first come through `more`), the closing, and
 * the head of the chain as `instance:batch:hash`. Amounts are decimals, on the account's normal side.
 */
export async function* statementCsv(
  first: AccountStatement,
  more: (cursor: string) => Promise<AccountStatement>,
): AsyncGenerator<string> {
  const { currency } = first.account.account;
  const amount = (minor: number): string => toDecimal(minor, currency);
  const entry = (each: AccountEntry): string =>
    line([
      each.version,
      each.recordedAt,
      each.occurredAt,
      each.key.kind,
      referenceOf(each.key),
      each.line,
      each.shareId ?? '',
      amount(each.changeMinor),
      amount(each.standingMinor),
      currency,
    ]);
  yield `${COLUMNS}\r\n`;
  yield line(['', first.from, '', 'opening', '', '', '', '', amount(first.openingMinor), currency]);
  // A month that is not over goes on while it is read; the statement ends with the entries of its first page's closing.
  let left = first.entryCount;
  for (let page = first; ;) {
    const items = page.entries.items.slice(0, left);
    yield items.map(entry).join('');
    left -= items.length;
    if (left === 0 || page.entries.nextCursor === null) break;
    page = await more(page.entries.nextCursor);
  }
  yield line(['', first.until, '', 'closing', '', '', '', '', amount(first.closingMinor), currency]);
  yield line(['', first.head.sealedAt ?? '', '', 'head', headText(first.head), '', '', '', '', '']);
}

/** A head as people keep it and `npm run ledger:verify` takes it. */
export function headText({ instanceId, batch, hash }: LedgerHead): string {
  return `${instanceId}:${batch}:${hash}`;
}

function line(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => quoted(String(cell))).join(',')}\r\n`;
}

// A spreadsheet takes a cell that begins with one of these for a formula; numbers are left as they are.
function quoted(cell: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a transaction is about: the order, or the hold, pledge, payout, gift or hand-over of cash. */
function referenceOf(key: AccountEntry['key']): string {
  if ('orderId' in key) return key.orderId;
  if ('holdId' in key) return key.holdId;
  if ('pledgeId' in key) return key.pledgeId;
  if ('payoutId' in key) return key.payoutId;
  return 'handoverId' in key ? key.handoverId : key.giftId;
}
