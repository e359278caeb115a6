import type { Payee, PayeeOwner, PayeeSettings, PayoutSettings } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

interface PayeeRow {
  way: 'iban' | 'manual';
  iban: string | null;
  account_name: string | null;
  minimum_minor: number;
  schedule: Payee['schedule'];
  changed_at: Date;
}
const PAYEE = 'way, iban, account_name, minimum_minor, schedule, changed_at';
const payeeOf = (row: PayeeRow): Payee => ({
  way:
    row.way === 'iban'
      ? { kind: 'iban', iban: row.iban!, accountName: row.account_name! }
      : { kind: 'manual' },
  minimumMinor: row.minimum_minor,
  schedule: row.schedule,
  changedAt: row.changed_at.toISOString(),
});

/** Where and when an owner wants to be paid, or null where they never said. */
export async function findPayee(tx: Tx, { ownerKind, ownerId }: PayeeOwner): Promise<Payee | null> {
  const [row] = await rowsOf<PayeeRow>(
    tx,
    `select ${PAYEE} from payees where owner_id = $1 and owner_kind = $2`,
    [ownerId, ownerKind],
  );
  return row ? payeeOf(row) : null;
}

/** Keeps where and when an owner wants to be paid; payouts that are reserved already stay as they are. */
export async function savePayee(
  tx: Tx,
  payee: PayeeOwner & PayeeSettings & { instanceId: string; by: string; now: Date },
): Promise<Payee> {
  const { way } = payee;
  const [row] = await rowsOf<PayeeRow>(
    tx,
    `insert into payees (instance_id, owner_kind, owner_id, way, iban, account_name, minimum_minor, schedule, changed_by,
       changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (owner_id, owner_kind, instance_id) do update set way = excluded.way, iban = excluded.iban,
       account_name = excluded.account_name, minimum_minor = excluded.minimum_minor, schedule = excluded.schedule,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at
     returning ${PAYEE}`,
    [
      payee.instanceId,
      payee.ownerKind,
      payee.ownerId,
      way.kind,
      way.kind === 'iban' ? way.iban : null,
      way.kind === 'iban' ? way.accountName : null,
      payee.minimumMinor,
      payee.schedule,
      payee.by,
      payee.now,
    ],
  );
  return payeeOf(row!);
}

/** Forgets where these people are paid, in every instance. */
export async function forgetPayees(tx: Tx, personIds: readonly string[]): Promise<void> {
  await rowsOf(tx, `delete from payees where owner_kind = 'person' and owner_id = any ($1::uuid[])`, [
    personIds,
  ]);
}

/** Forgets recipients and files of payouts whose runs were sent, or were never sent, before an instant. */
export async function forgetRecipients(tx: Tx, before: Date): Promise<void> {
  await rowsOf(
    tx,
    `delete from payout_recipients r using payouts o
     where o.id = r.payout_id and o.instance_id = r.instance_id and o.state in ('settled', 'returned', 'cancelled')
       and o.changed_at < $1`,
    [before],
  );
  await rowsOf(tx, `delete from payout_files where written_at < $1`, [before]);
}

/** The instance's account and limit, or null where nobody set them. */
export async function findSettings(tx: Tx): Promise<PayoutSettings | null> {
  const [row] = await rowsOf<PayoutSettings>(
    tx,
    `select debtor_name as "debtorName", debtor_iban as "debtorIban",
       second_person_above_minor as "secondPersonAboveMinor" from payout_settings`,
  );
  return row ?? null;
}

/** Keeps the instance's account and limit. */
export async function saveSettings(
  tx: Tx,
  settings: PayoutSettings & { instanceId: string; by: string; now: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into payout_settings (instance_id, debtor_name, debtor_iban, second_person_above_minor, changed_by, changed_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (instance_id) do update set debtor_name = excluded.debtor_name, debtor_iban = excluded.debtor_iban,
       second_person_above_minor = excluded.second_person_above_minor, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at`,
    [
      settings.instanceId,
      settings.debtorName,
      settings.debtorIban,
      settings.secondPersonAboveMinor,
      settings.by,
      settings.now,
    ],
  );
}
