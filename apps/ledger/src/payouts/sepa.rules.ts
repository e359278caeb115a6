import { DomainError, type FieldProblem } from '@foodshed/contracts';

/** What SEPA's credit transfers allow: euro cents from 0.01 to 999,999,999.99, 35 characters for an id, 70 for a name. */
const LARGEST_MINOR = 99_999_999_999;
const ID = /^[A-Za-z0-9/?:().,'+-][A-Za-z0-9/?:().,'+ -]{0,34}$/;
const LATIN = /^[A-Za-z0-9/?:().,'+ -]{1,70}$/;

export interface Transfer {
  /** Names the payment in the bank's statement too. */
  readonly endToEndId: string;
  readonly amountMinor: number;
  readonly iban: string;
  readonly accountName: string;
}

export interface TransferFile {
  readonly messageId: string;
  readonly createdAt: Date;
  /** The day on which the bank shall pay, `YYYY-MM-DD`. */
  readonly executionDate: string;
  readonly currency: string;
  readonly debtor: { readonly iban: string; readonly accountName: string };
  readonly transfers: readonly Transfer[];
}

/** Letters that no decomposition takes apart, as banks write them. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  þ: 'th',
  Þ: 'Th',
  ð: 'd',
  '’': "'",
  '–': '-',
  '&': '+',
};

/** A name in the letters that SEPA knows: accents are left out, `&` is `+`; what has no Latin form stays as it is. */
export function inLatin(name: string): string {
  const spelled = [...name].map((letter) => SPELLED[letter] ?? letter).join('');
  return spelled
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .trim();
}

/** Whether the name of an account can be written for SEPA. */
export function isLatinName(name: string): boolean {
  return LATIN.test(inLatin(name));
}

/** The sum of the transfers in minor units. @throws RangeError above the safe integers */
export function controlSumOf(transfers: readonly Transfer[]): number {
  const sum = transfers.reduce((total, { amountMinor }) => total + BigInt(amountMinor), 0n);
  if (sum > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError('the sum of the transfers is not a safe integer');
  return Number(sum);
}

/** What keeps the file from a bank, each field with its mend; empty when it may leave. `isIban` checks country and digits. */
export function faultsOf(file: TransferFile, isIban: (iban: string) => boolean): FieldProblem[] {
  const faults: FieldProblem[] = [];
  const need = (isRight: boolean, path: string, message: string): void => {
    if (!isRight) faults.push({ path, message });
  };
  need(file.currency === 'EUR', 'currency', 'must be EUR: SEPA transfers nothing else');
  need(file.transfers.length > 0, 'transfers', 'must have at least one');
  need(ID.test(file.messageId), 'messageId', 'must be 1 to 35 Latin letters, digits or signs');
  const parties = [
    ['debtor', file.debtor] as const,
    ...file.transfers.map((transfer, index) => [`transfers.${index}`, transfer] as const),
  ];
  for (const [path, { iban, accountName }] of parties) {
    need(isIban(iban), `${path}.iban`, 'must be an IBAN of a country in SEPA');
    need(isLatinName(accountName), `${path}.accountName`, 'must be 1 to 70 Latin characters');
  }
  const ids = new Set<string>();
  for (const [index, { amountMinor, endToEndId }] of file.transfers.entries()) {
    const isAmount = Number.isSafeInteger(amountMinor) && amountMinor >= 1 && amountMinor <= LARGEST_MINOR;
    need(isAmount, `transfers.${index}.amountMinor`, 'must be from 0.01 to 999,999,999.99');
    need(
      ID.test(endToEndId),
      `transfers.${index}.endToEndId`,
      'must be 1 to 35 Latin letters, digits or signs',
    );
    need(!ids.has(endToEndId), `transfers.${index}.endToEndId`, 'must be different for each transfer');
    ids.add(endToEndId);
  }
  return faults;
}

/** @throws invalid-state naming everything that keeps the file from a bank */
export function requireSepa(file: TransferFile, isIban: (iban: string) => boolean): void {
  const fields = faultsOf(file, isIban);
  if (fields.length === 0) return;
  throw new DomainError('invalid-state', {
    detail: 'A bank would not take this file. Mend what is named, or cancel the run and propose another.',
    fields,
  });
}
