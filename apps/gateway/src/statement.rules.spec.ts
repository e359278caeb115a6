import type { AccountEntry, AccountStatement } from '@foodshed/contracts';
import { statementCsv } from './statement.rules.js';

const id = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`;
const AT = '2026-11-02T10:00:00.000Z';

function entry(
  version: number,
  changeMinor: number,
  standingMinor: number,
  shareId: string | null,
): AccountEntry {
  return {
    version,
    transactionId: id(9),
    key: { kind: 'sale', orderId: id(1), captureId: id(2), producerId: id(3), version: 1, revision: 0 },
    changeMinor,
    standingMinor,
    line: 'share',
    shareId,
    occurredAt: AT,
    recordedAt: AT,
    batch: 1,
  };
}

function page(items: AccountEntry[], nextCursor: string | null): AccountStatement {
  const owner = { kind: 'person' as const, id: id(5) };
  return {
    account: {
      accountId: id(4),
      account: { owner, purpose: 'pending', currency: 'EUR' },
      normalSide: 'credit',
      standingMinor: 400,
      reservedMinor: 0,
      limitMinor: null,
      version: 2,
    },
    month: '2026-11',
    from: '2026-10-31T23:00:00.000Z',
    until: '2026-11-30T23:00:00.000Z',
    openingMinor: 0,
    closingMinor: 105,
    entryCount: 2,
    totals: [],
    head: { instanceId: id(6), batch: 7, hash: 'a'.repeat(64), sealedAt: AT },
    entries: { items, nextCursor },
  };
}

it('writes a statement as CSV from opening to head, page after page, with nothing a spreadsheet would run', async () => {
  const first = page([entry(1, 167, 167, '=1+1')], '1');
  const rows: string[] = [];
  for await (const part of statementCsv(first, () =>
    Promise.resolve(page([entry(2, -62, 105, 'a,"b"')], null)),
  )) {
    rows.push(part);
  }
  expect(rows.join('').split('\r\n')).toEqual([
    'version,recorded_at,occurred_at,kind,reference,line,share,change,standing,currency',
    ',2026-10-31T23:00:00.000Z,,opening,,,,,0.00,EUR',
    `1,${AT},${AT},sale,${id(1)},share,'=1+1,1.67,1.67,EUR`,
    `2,${AT},${AT},sale,${id(1)},share,"a,""b""",-0.62,1.05,EUR`,
    ',2026-11-30T23:00:00.000Z,,closing,,,,,1.05,EUR',
    `,${AT},,head,${id(6)}:7:${'a'.repeat(64)},,,,,`,
    '',
  ]);
});

it('ends a statement with what its first page closed with, however much is posted while it is read', async () => {
  const parts: string[] = [];
  const later = page([entry(2, -62, 105, null), entry(3, 500, 605, null)], '3');
  for await (const part of statementCsv(page([entry(1, 167, 167, null)], '1'), () =>
    Promise.resolve(later),
  )) {
    parts.push(part);
  }
  const rows = parts.join('').split('\r\n');
  expect(rows.filter((row) => row.includes('share'))).toHaveLength(3);
  expect(rows.at(-4)).toMatch(/^2,.*,-0\.62,1\.05,EUR$/);
  expect(rows.at(-3)).toMatch(/closing.*1\.05,EUR$/);
});
