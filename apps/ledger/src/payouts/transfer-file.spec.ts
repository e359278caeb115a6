import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { validateXML } from 'xmllint-wasm';
import { faultsOf, inLatin, type TransferFile } from './sepa.rules.js';
import { isSepaIban, writeTransferFile } from './transfer-file.service.js';

const published = join(repositoryRoot(), '../shared/data/iso20022/pain.001.001.09.xsd');
const isHere = existsSync(published);
if (!isHere)
  process.stderr.write('The schema in ../shared/data/iso20022 is not here: its specs are skipped.\n');
const whereSchemaIs = isHere ? it : it.skip;

const IBAN = 'DE89370400440532013000';
const fileOf = (amounts: readonly number[], change: Partial<TransferFile> = {}): TransferFile => ({
  messageId: '0190a3c0b9f77aaa8bbb0123456789ab',
  createdAt: new Date('2026-11-16T08:00:00.000Z'),
  executionDate: '2026-11-16',
  currency: 'EUR',
  debtor: { iban: 'FR1420041010050500013M02606', accountName: 'Réseau des hubs & amis' },
  transfers: amounts.map((amountMinor, index) => ({
    endToEndId: `payout-${index}`,
    amountMinor,
    iban: IBAN,
    accountName: 'Søren Łukasz Größe',
  })),
  ...change,
});

async function faultsOfSchema(contents: string): Promise<readonly unknown[]> {
  const xml = [{ fileName: 'payouts.xml', contents }];
  const schema = [readFileSync(published, 'utf8')];
  return (await validateXML({ xml, schema })).errors;
}

describe('the file for the bank', () => {
  it('of 8.15, 1.10 and 1,234,567.89 has 3 transfers and a control sum of 1234577.14', () => {
    const text = writeTransferFile(fileOf([815, 110, 123_456_789]));
    const parsed = new XMLParser({ parseTagValue: false }).parse(text) as {
      Document: {
        CstmrCdtTrfInitn: { GrpHdr: object; PmtInf: { CdtTrfTxInf: { Amt: object; Cdtr: object }[] } };
      };
    };
    const { GrpHdr, PmtInf } = parsed.Document.CstmrCdtTrfInitn;
    expect(GrpHdr).toMatchObject({
      NbOfTxs: '3',
      CtrlSum: '1234577.14',
      InitgPty: { Nm: 'Reseau des hubs + amis' },
    });
    expect(PmtInf).toMatchObject({ NbOfTxs: '3', CtrlSum: '1234577.14' });
    expect(PmtInf.CdtTrfTxInf.map(({ Amt }) => Amt)).toEqual([
      { InstdAmt: '8.15' },
      { InstdAmt: '1.10' },
      { InstdAmt: '1234567.89' },
    ]);
    expect(PmtInf.CdtTrfTxInf[0]!.Cdtr).toEqual({ Nm: 'Soren Lukasz Grosse' });
  });

  whereSchemaIs(
    'is valid by the published schema',
    async () => {
      expect(await faultsOfSchema(writeTransferFile(fileOf([815, 110, 123_456_789])))).toEqual([]);
      expect(await faultsOfSchema(writeTransferFile(fileOf([1, 99_999_999_999])))).toEqual([]);
      expect(await faultsOfSchema('<Document/>')).not.toEqual([]);
    },
    60_000,
  );

  it.each<[string, TransferFile, string]>([
    ['another currency', fileOf([815], { currency: 'SEK' }), 'currency'],
    ['no transfer', fileOf([]), 'transfers'],
    ['less than a cent', fileOf([0]), 'transfers.0.amountMinor'],
    ['a part of a cent', fileOf([1.5]), 'transfers.0.amountMinor'],
    ['a thousand million', fileOf([815, 100_000_000_000]), 'transfers.1.amountMinor'],
    ['an id of 36 characters', fileOf([1], { messageId: 'x'.repeat(36) }), 'messageId'],
    ['a debtor without an IBAN', fileOf([1], { debtor: { iban: 'DE00', accountName: 'We' } }), 'debtor.iban'],
    ['a name in Greek', fileOf([1], { debtor: { iban: IBAN, accountName: 'Αγρός' } }), 'debtor.accountName'],
  ])('refuses %s, naming it', (_what, file, path) => {
    expect(faultsOf(file, isSepaIban).map((fault) => fault.path)).toEqual([path]);
    expect(() => writeTransferFile(file)).toThrow(
      expect.objectContaining({ code: 'invalid-state' }) as Error,
    );
  });

  it('takes IBANs with right digits of countries in SEPA only', () => {
    expect(
      [IBAN, 'DE89 3704 0044 0532 0130 00', 'DE88370400440532013000', 'TR330006100519786457841326', ''].map(
        isSepaIban,
      ),
    ).toEqual([true, true, false, false, false]);
  });

  it('sums as integers do, whatever the amounts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99_999_999_999 }), { minLength: 1, maxLength: 30 }),
        (amounts) => {
          const sum = amounts.reduce((total, amount) => total + BigInt(amount), 0n);
          const decimal = `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`;
          expect(writeTransferFile(fileOf(amounts))).toContain(`<CtrlSum>${decimal}</CtrlSum>`);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('writes names in Latin letters and leaves what it cannot write to be refused', () => {
    expect(['Élise Brûlé', 'Weiß & Söhne', 'Ferme d’Aix – Est'].map(inLatin)).toEqual([
      'Elise Brule',
      'Weiss + Sohne',
      "Ferme d'Aix - Est",
    ]);
    expect(inLatin('Ж')).toBe('Ж');
  });
});
