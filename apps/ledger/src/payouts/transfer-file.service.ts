import { toDecimal } from '@foodshed/money';
import { XMLBuilder } from 'fast-xml-parser';
import { electronicFormatIBAN, isSEPACountry, isValidIBAN } from 'ibantools';
import { controlSumOf, inLatin, requireSepa, type TransferFile } from './sepa.rules.js';

/** Whether a text is an IBAN with right digits, of a country in SEPA. */
export function isSepaIban(text: string): boolean {
  const iban = electronicFormatIBAN(text) ?? '';
  return isValidIBAN(iban) && isSEPACountry(iban.slice(0, 2));
}

// Escaping, and elements in the order of the schema, are left to a well-kept writer; it makes no amount.
const writer = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  format: true,
});

/** A transfer file as ISO 20022 pain.001.001.09, from integers. @throws invalid-state for what SEPA does not allow */
export function writeTransferFile(file: TransferFile): string {
  requireSepa(file, isSepaIban);
  const { messageId, createdAt, executionDate, currency, debtor, transfers } = file;
  const sums = { NbOfTxs: transfers.length, CtrlSum: toDecimal(controlSumOf(transfers), currency) };
  const debtorName = inLatin(debtor.accountName);
  return writer.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    Document: {
      '@xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: { MsgId: messageId, CreDtTm: createdAt.toISOString(), ...sums, InitgPty: { Nm: debtorName } },
        PmtInf: {
          PmtInfId: messageId,
          PmtMtd: 'TRF',
          ...sums,
          PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
          ReqdExctnDt: { Dt: executionDate },
          Dbtr: { Nm: debtorName },
          DbtrAcct: { Id: { IBAN: debtor.iban }, Ccy: currency },
          // The bank is known by the IBAN; the schema wants the element all the same.
          DbtrAgt: { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } },
          ChrgBr: 'SLEV',
          CdtTrfTxInf: transfers.map(({ endToEndId, amountMinor, iban, accountName }) => ({
            PmtId: { EndToEndId: endToEndId },
            Amt: { InstdAmt: { '@Ccy': currency, '#': toDecimal(amountMinor, currency) } },
            Cdtr: { Nm: inLatin(accountName) },
            CdtrAcct: { Id: { IBAN: iban } },
            RmtInf: { Ustrd: `Payout ${endToEndId}` },
          })),
        },
      },
    },
  });
}
