import type { NetworkModel } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** A version of an instance's network model, with its text and its parsed form. */
export interface StoredModel {
  instanceId: string;
  version: number;
  name: string;
  source: string;
  model: NetworkModel;
  takesEffectAt: string;
  uploadedAt: string;
  /** Null while the stewards concerned have not all approved. */
  approvedAt: string | null;
}

/** One steward's approval of a version, and who gave it. */
export interface Approval {
  steward: string;
  personId: string;
  approvedAt: string;
}

interface ModelRow {
  instance_id: string;
  version: number;
  name: string;
  source: string;
  model: NetworkModel;
  takes_effect_at: Date;
  uploaded_at: Date;
  approved_at: Date | null;
}

const modelOf = (row: ModelRow): StoredModel => ({
  instanceId: row.instance_id,
  version: row.version,
  name: row.name,
  source: row.source,
  model: row.model,
  takesEffectAt: row.takes_effect_at.toISOString(),
  uploadedAt: row.uploaded_at.toISOString(),
  approvedAt: row.approved_at?.toISOString() ?? null,
});

const COLUMNS = 'instance_id, version, name, source, model, takes_effect_at, uploaded_at, approved_at';

/** Every approved version of these instances, newest first; most instances have a handful. */
export async function modelsOf(tx: Tx, instanceIds: readonly string[]): Promise<StoredModel[]> {
  const rows = await rowsOf<ModelRow>(
    tx,
    {
      name: 'models-of-instances',
      text: `select ${COLUMNS} from network_models where instance_id = any($1) and approved_at is not null
             order by instance_id, version desc`,
    },
    [[...new Set(instanceIds)]],
  );
  return rows.map(modelOf);
}

/** At most `limit` versions below `before`, newest first. */
export async function listModels(
  tx: Tx,
  instanceId: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<StoredModel[]> {
  const rows = await rowsOf<ModelRow>(
    tx,
    `select ${COLUMNS} from network_models where instance_id = $1 and ($2::int is null or version < $2)
     order by version desc limit $3`,
    [instanceId, before ?? null, limit],
  );
  return rows.map(modelOf);
}

/** Serialises uploads of one instance, so that versions follow each other without a gap. */
export async function lockModels(tx: Tx, instanceId: string): Promise<void> {
  await rowsOf(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`models ${instanceId}`]);
}

/**
 * Keeps uploads of these instances out until the transaction ends. An upload takes effect at a time after it
 * got its lock, so no sale that was split before can have been placed under the version it adds.
 */
export async function holdModels(tx: Tx, instanceIds: readonly string[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'models-hold',
      text: `select pg_advisory_xact_lock_shared(hashtextextended(name, 0)) from unnest($1::text[]) as name`,
    },
    [[...new Set(instanceIds)].sort().map((instanceId) => `models ${instanceId}`)],
  );
}

/** Adds a version. */
export async function insertModel(tx: Tx, model: StoredModel & { uploadedBy: string }): Promise<void> {
  await rowsOf(
    tx,
    `insert into network_models (${COLUMNS}, uploaded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      model.instanceId,
      model.version,
      model.name,
      model.source,
      JSON.stringify(model.model),
      model.takesEffectAt,
      model.uploadedAt,
      model.approvedAt,
      model.uploadedBy,
    ],
  );
}

/** One version, approved or not; undefined when there is none. */
export async function modelOfVersion(
  tx: Tx,
  instanceId: string,
  version: number,
): Promise<StoredModel | undefined> {
  const [row] = await rowsOf<ModelRow>(
    tx,
    `select ${COLUMNS} from network_models where instance_id = $1 and version = $2`,
    [instanceId, version],
  );
  return row && modelOf(row);
}

/** The approvals of a version, by time. */
export async function approvalsOf(tx: Tx, instanceId: string, version: number): Promise<Approval[]> {
  const rows = await rowsOf<{ steward: string; person_id: string; approved_at: Date }>(
    tx,
    `select steward, person_id, approved_at from model_approvals
     where instance_id = $1 and version = $2 order by approved_at, steward`,
    [instanceId, version],
  );
  return rows.map((row) => ({
    steward: row.steward,
    personId: row.person_id,
    approvedAt: row.approved_at.toISOString(),
  }));
}

/** Keeps approvals of a version; the first one for a steward stays. */
export async function insertApprovals(
  tx: Tx,
  { instanceId, version }: { instanceId: string; version: number },
  approvals: readonly Approval[],
): Promise<void> {
  await rowsOf(
    tx,
    `insert into model_approvals (instance_id, version, steward, person_id, approved_at)
     select $1, $2, * from unnest($3::text[], $4::uuid[], $5::timestamptz[]) on conflict do nothing`,
    [
      instanceId,
      version,
      approvals.map(({ steward }) => steward),
      approvals.map(({ personId }) => personId),
      approvals.map(({ approvedAt }) => approvedAt),
    ],
  );
}

/** A proposed version becomes an approved one, with the time it takes effect at. */
export async function approveModel(
  tx: Tx,
  model: { instanceId: string; version: number; approvedAt: string; takesEffectAt: string },
): Promise<void> {
  await rowsOf(
    tx,
    `update network_models set approved_at = $3, takes_effect_at = $4
     where instance_id = $1 and version = $2 and approved_at is null`,
    [model.instanceId, model.version, model.approvedAt, model.takesEffectAt],
  );
}
