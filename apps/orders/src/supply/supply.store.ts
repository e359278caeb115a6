import type { SupplySide, SupplyState } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { AgreementRow } from './supply.rules.js';

interface StoredAgreement extends Omit<AgreementRow, 'proposedAt' | 'answeredAt' | 'endedAt'> {
  readonly proposedAt: Date;
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
}

const AGREEMENT = `a.id as "agreementId", a.producer_id as "producerId", a.hub_id as "hubId", a.state,
  a.prices_set_by as "pricesSetBy", a.proposed_by as "proposedBy", a.proposed_at as "proposedAt",
  a.proposed_by_person as "proposedByPerson", a.answered_at as "answeredAt",
  a.answered_by_person as "answeredByPerson", a.ended_by as "endedBy", a.ended_at as "endedAt",
  a.ended_by_person as "endedByPerson", a.version`;

function agreementOf({ proposedAt, answeredAt, endedAt, ...row }: StoredAgreement): AgreementRow {
  return {
    ...row,
    proposedAt: proposedAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** The agreement, its row locked when it is to be changed; undefined when the instance has no such one. */
export async function findAgreement(
  tx: Tx,
  { instanceId, agreementId, lock = false }: { instanceId: string; agreementId: string; lock?: boolean },
): Promise<AgreementRow | undefined> {
  const [row] = await rowsOf<StoredAgreement>(
    tx,
    `select ${AGREEMENT} from supply_agreements a where a.instance_id = $1 and a.id = $2
     ${lock ? 'for update' : ''}`,
    [instanceId, agreementId],
  );
  return row && agreementOf(row);
}

/** The one agreement of the two, locked whether it is there or not: no other transaction can begin it meanwhile. */
export async function lockAgreementOf(
  tx: Tx,
  { instanceId, producerId, hubId }: { instanceId: string; producerId: string; hubId: string },
): Promise<AgreementRow | undefined> {
  const pair = [instanceId, producerId, hubId];
  await rowsOf(tx, `select pg_advisory_xact_lock(hashtextextended($1, 13))`, [pair.join(' ')]);
  const [row] = await rowsOf<StoredAgreement>(
    tx,
    `select ${AGREEMENT} from supply_agreements a
     where a.instance_id = $1 and a.producer_id = $2 and a.hub_id = $3 for update`,
    pair,
  );
  return row && agreementOf(row);
}

/** Adds the agreement, or writes what may change of it. */
export async function writeAgreement(tx: Tx, instanceId: string, row: AgreementRow): Promise<void> {
  await rowsOf(
    tx,
    `insert into supply_agreements (instance_id, id, producer_id, hub_id, state, prices_set_by, proposed_by,
       proposed_at, proposed_by_person, answered_at, answered_by_person, ended_by, ended_at, ended_by_person, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (id, instance_id) do update
     set (state, prices_set_by, proposed_by, proposed_at, proposed_by_person, answered_at, answered_by_person,
          ended_by, ended_at, ended_by_person, version)
       = (excluded.state, excluded.prices_set_by, excluded.proposed_by, excluded.proposed_at,
          excluded.proposed_by_person, excluded.answered_at, excluded.answered_by_person, excluded.ended_by,
          excluded.ended_at, excluded.ended_by_person, excluded.version)`,
    [
      instanceId,
      row.agreementId,
      row.producerId,
      row.hubId,
      row.state,
      row.pricesSetBy,
      row.proposedBy,
      row.proposedAt,
      row.proposedByPerson,
      row.answeredAt,
      row.answeredByPerson,
      row.endedBy,
      row.endedAt,
      row.endedByPerson,
      row.version,
    ],
  );
}

const SIDE: Readonly<Record<SupplySide, string>> = { producer: 'a.producer_id', hub: 'a.hub_id' };

/** A page of the agreements of one side, the newest first; at most `limit` rows, may be empty. */
export async function findAgreements(
  tx: Tx,
  page: {
    instanceId: string;
    as: SupplySide;
    enterpriseId: string;
    state: SupplyState | null;
    afterAgreementId: string | null;
    limit: number;
  },
): Promise<AgreementRow[]> {
  const rows = await rowsOf<StoredAgreement>(
    tx,
    `select ${AGREEMENT} from supply_agreements a
     where a.instance_id = $1 and ${SIDE[page.as]} = $2 and ($3::text is null or a.state = $3)
       and ($4::uuid is null or a.id < $4)
     order by a.id desc limit $5`,
    [page.instanceId, page.enterpriseId, page.state, page.afterAgreementId, page.limit],
  );
  return rows.map(agreementOf);
}
