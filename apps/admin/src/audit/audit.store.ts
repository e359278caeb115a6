import { newId, rowsOf, type Tx } from '@foodshed/platform';

export interface AuditRecord {
  readonly instanceId: string;
  readonly at: Date;
  /** Null when the command line did it. */
  readonly actorId: string | null;
  readonly action: string;
  readonly objectKind: 'api-token' | 'clock' | 'enterprise' | 'event' | 'instance' | 'person' | 'webhook';
  readonly objectId: string;
  /** Codes and ids only: the log outlives the people in it. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRow {
  audit_id: string;
  recorded_at: Date;
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  object_kind: string;
  object_id: string;
  facts: Record<string, string | number | boolean | null>;
}

/** Adds one entry to the append-only log, in the transaction of what it tells of. */
export async function record(tx: Tx, entry: AuditRecord): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'audit-record',
      text: `insert into audit_entries (audit_id, instance_id, recorded_at, actor_id, action, object_kind, object_id, facts)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    },
    [
      newId(),
      entry.instanceId,
      entry.at,
      entry.actorId,
      entry.action,
      entry.objectKind,
      entry.objectId,
      JSON.stringify(entry.facts ?? {}),
    ],
  );
}

/** Entries of the instances that are as asked, the newest first, those before `before` only; may be empty. */
export function listEntries(
  tx: Tx,
  page: {
    instanceIds: readonly string[];
    before: string | null;
    limit: number;
    actorId?: string;
    objectId?: string;
    action?: string;
  },
): Promise<AuditRow[]> {
  return rowsOf<AuditRow>(
    tx,
    `select audit_id, recorded_at, actor_id, display_name as actor_name, action, object_kind, object_id, facts
       from audit_entries left join persons on person_id = actor_id
      where instance_id = any($1::uuid[]) and ($2::uuid is null or audit_id < $2)
        and ($4::uuid is null or actor_id = $4) and ($5::uuid is null or object_id = $5)
        and ($6::text is null or action = $6)
      order by audit_id desc
      limit $3`,
    [
      page.instanceIds,
      page.before,
      page.limit,
      page.actorId ?? null,
      page.objectId ?? null,
      page.action ?? null,
    ],
  );
}
