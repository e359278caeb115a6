// The texts that the ledger hashes, as `migrations/posting-forms.sql.ts` and `post-batch.sql.ts` write them.
// Verification computes them here a second time, so that a fault in one of the two is seen.

export interface SealedEntry {
  /** `kind:owner:purpose:currency` of the entry's account. */
  readonly reference: string;
  readonly accountId: string;
  readonly version: number;
  readonly amountMinor: number;
  readonly balanceMinor: number;
  readonly line: string;
  readonly shareId: string | null;
}

export interface SealedTransaction {
  readonly id: string;
  readonly businessKey: string;
  readonly corrects: string | null;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly batch: number;
  readonly position: number;
  readonly entries: readonly SealedEntry[];
}

/** What the content hash covers: what the command said, with accounts by their meaning. */
export function contentText({ occurredAt, corrects, entries }: SealedTransaction): string {
  const lines = entries.map(
    ({ reference, amountMinor, line, shareId }) =>
      `${reference}:${amountMinor}:${line}:${shareText(shareId)}`,
  );
  return `${occurredAt}|${corrects ?? '-'}\n${lines.join('\n')}`;
}

/** What a transaction's seal covers: its place in the chain, its content, and each account's version and balance. */
export function sealText(transaction: SealedTransaction, contentHash: string): string {
  const { id, businessKey, recordedAt, batch, position, entries } = transaction;
  const trail = entries.map(
    ({ accountId, version, balanceMinor }) => `${accountId}:${version}:${balanceMinor}`,
  );
  return `${[id, businessKey, recordedAt, batch, position, contentHash].join('|')}\n${trail.join('\n')}`;
}

/** What a batch's hash covers between the previous hash and the seals of its transactions. */
export function batchText(batch: {
  instanceId: string;
  number: number;
  recordedAt: number;
  transactionCount: number;
}): string {
  return [batch.instanceId, batch.number, batch.recordedAt, batch.transactionCount].join('|');
}

/**
 * Names the column whose other value gives the content that was sealed; tried value by value. `before` are the balances
 * of the entries' accounts before them; `lines` and `shares` what else may have stood there.
 */
export function whatChanged(
  transaction: SealedTransaction,
  tried: {
    before: readonly number[];
    lines: ReadonlySet<string>;
    shares: ReadonlySet<string | null>;
    isSealed: (changed: SealedTransaction) => boolean;
  },
): string {
  const { entries } = transaction;
  for (const [index, entry] of entries.entries()) {
    const amounts = [
      entry.balanceMinor - tried.before[index]!,
      entry.amountMinor - entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ];
    const others: Partial<SealedEntry>[] = [
      ...amounts.map((amountMinor) => ({ amountMinor })),
      ...[...tried.lines].map((line) => ({ line })),
      ...[...tried.shares].map((shareId) => ({ shareId })),
    ];
    for (const other of others) {
      if (!tried.isSealed({ ...transaction, entries: entries.with(index, { ...entry, ...other }) })) continue;
      const [[name, value]] = Object.entries(other) as [[keyof SealedEntry, unknown]];
      return `${name} of entry ${entry.version} of account ${entry.accountId} is ${entry[name]}, it was ${value} when sealed`;
    }
  }
  return 'occurred_at, corrects, or an account, line or share_id of its entries differs from what was sealed';
}

/** What an account says of itself that its entries and open holds do not; empty when all of it agrees. */
export function whatDiffersAtEnd(
  account: { version: number; balanceMinor: number; reservedMinor: number; heldMinor: number },
  end: { version: number; balanceMinor: number },
): string[] {
  const { version, balanceMinor, reservedMinor, heldMinor } = account;
  return [
    ...(version === end.version ? [] : [`version is ${version}, its entries end with ${end.version}`]),
    ...(balanceMinor === end.balanceMinor
      ? []
      : [`balance_minor is ${balanceMinor}, its entries end with ${end.balanceMinor}`]),
    ...(reservedMinor === heldMinor
      ? []
      : [`reserved_minor is ${reservedMinor}, its open holds add up to ${heldMinor}`]),
  ];
}

/** What an account's identity hash covers: everything about it that never changes. */
export function identityText(account: {
  id: string;
  instanceId: string;
  ownerKind: string;
  ownerId: string;
  purpose: string;
  currency: string;
  normalSide: string;
  limitMinor: number | null;
  openedAt: number;
}): string {
  const { id, instanceId, ownerKind, ownerId, purpose, currency, normalSide, limitMinor, openedAt } = account;
  return [
    id,
    instanceId,
    ownerKind,
    ownerId,
    purpose,
    currency,
    normalSide,
    limitMinor ?? '-',
    openedAt,
  ].join('|');
}

function shareText(shareId: string | null): string {
  return shareId === null ? '-' : `${utf8Length(shareId)}.${shareId}`;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
