import type { LedgerCommand, PostingEntry } from '@foodshed/contracts';
import { keyText } from './key.rules.js';

/**
 * Commands in columns, as `parsed_batch` in the ledger's schema: accounts and forms (line and share) stand there once,
 * and an entry names its command, account and form by their numbers, from 1.
 */
export interface BatchColumns {
  readonly ids: readonly string[];
  readonly keys: string[];
  readonly corrects: (string | null)[];
  readonly occurred_at: string[];
  readonly owner_kinds: string[];
  readonly owner_ids: string[];
  readonly purposes: string[];
  readonly currencies: string[];
  readonly lines: string[];
  readonly share_ids: (string | null)[];
  readonly commands: number[];
  readonly accounts: number[];
  readonly amounts: number[];
  readonly forms: number[];
}

/** The columns of commands whose transactions will have these ids, in the same order. */
export function columnsOf(commands: readonly LedgerCommand[], ids: readonly string[]): BatchColumns {
  const columns: BatchColumns = {
    ids,
    keys: [],
    corrects: [],
    occurred_at: [],
    owner_kinds: [],
    owner_ids: [],
    purposes: [],
    currencies: [],
    lines: [],
    share_ids: [],
    commands: [],
    accounts: [],
    amounts: [],
    forms: [],
  };
  const accounts = new Map<string, number>();
  const forms = new Map<string, number>();
  for (const [index, command] of commands.entries()) {
    const corrects = 'corrects' in command ? command.corrects : undefined;
    columns.keys.push(keyText(command.key));
    columns.corrects.push(corrects ? keyText(corrects) : null);
    columns.occurred_at.push(command.occurredAt);
    for (const entry of command.entries) {
      columns.commands.push(index + 1);
      columns.accounts.push(accountNumber(columns, accounts, entry.account));
      columns.amounts.push(entry.amountMinor);
      columns.forms.push(formNumber(columns, forms, entry));
    }
  }
  return columns;
}

/** The number of an account among the batch's, which it joins where it is new. */
function accountNumber(
  columns: BatchColumns,
  known: Map<string, number>,
  { owner, purpose, currency }: PostingEntry['account'],
): number {
  const reference = `${owner.id}${owner.kind}:${purpose}:${currency}`;
  const found = known.get(reference);
  if (found !== undefined) return found;
  known.set(reference, known.size + 1);
  columns.owner_kinds.push(owner.kind);
  columns.owner_ids.push(owner.id);
  columns.purposes.push(purpose);
  columns.currencies.push(currency);
  return known.size;
}

/** The number of a line and share among the batch's, which it joins where it is new. */
function formNumber(
  columns: BatchColumns,
  known: Map<string, number>,
  { line, shareId }: PostingEntry,
): number {
  const form = shareId === null ? line : `${line}:${shareId}`;
  const found = known.get(form);
  if (found !== undefined) return found;
  known.set(form, known.size + 1);
  columns.lines.push(line);
  columns.share_ids.push(shareId);
  return known.size;
}
