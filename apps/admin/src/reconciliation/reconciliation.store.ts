import type { ReconciliationView } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

interface ReconciliationRow {
  reconciliation_id: string;
  requested_by: string;
  requested_at: Date;
  finished_at: Date | null;
  state: ReconciliationView['state'];
  instances: number;
  results: ReconciliationView['results'];
  findings: string[];
}

/** Whoever runs a comparison says so again with each instance; after this long in silence another takes it. */
const CLAIM = "interval '2 minutes'";
const COLUMNS =
  'reconciliation_id, requested_by, requested_at, finished_at, state, instances, results, findings';

function viewOf(row: ReconciliationRow): ReconciliationView {
  return {
    reconciliationId: row.reconciliation_id,
    state: row.state,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    instances: row.instances,
    instancesDone: row.results.length,
    results: row.results,
    differences: row.results.reduce((sum, { differences }) => sum + differences, 0),
    findings: row.findings,
  };
}

/** Begins a comparison, unless one runs; returns the one that runs then. */
export async function insertReconciliation(
  tx: Tx,
  one: { reconciliationId: string; requestedBy: string; at: Date },
): Promise<ReconciliationView> {
  await rowsOf(
    tx,
    `insert into reconciliations (reconciliation_id, requested_by, requested_at) values ($1, $2, $3)
     on conflict ((true)) where state = 'running' do nothing`,
    [one.reconciliationId, one.requestedBy, one.at],
  );
  const [row] = await rowsOf<ReconciliationRow>(
    tx,
    `select ${COLUMNS} from reconciliations order by (state = 'running') desc, reconciliation_id desc limit 1`,
  );
  return viewOf(row as ReconciliationRow);
}

/** The newest first; may be empty. */
export async function listReconciliations(
  tx: Tx,
  page: { before: string | null; limit: number },
): Promise<ReconciliationView[]> {
  const rows = await rowsOf<ReconciliationRow>(
    tx,
    `select ${COLUMNS} from reconciliations where $1::uuid is null or reconciliation_id < $1
     order by reconciliation_id desc limit $2`,
    [page.before, page.limit],
  );
  return rows.map(viewOf);
}

/** Takes the comparison that waits to be run, and begins it anew; null when none does. */
export async function takeReconciliation(
  tx: Tx,
  instances: number,
): Promise<{ reconciliationId: string; requestedBy: string } | null> {
  const [row] = await rowsOf<{ reconciliationId: string; requestedBy: string }>(
    tx,
    `update reconciliations set claimed_until = now() + ${CLAIM}, instances = $1, results = '[]', findings = '[]'
      where state = 'running' and (claimed_until is null or claimed_until < now())
     returning reconciliation_id as "reconciliationId", requested_by as "requestedBy"`,
    [instances],
  );
  return row ?? null;
}

/** Notes what is known so far, and that it is still worked on; with a state other than `running` it is over. */
export async function recordProgress(
  tx: Tx,
  reconciliationId: string,
  progress: Pick<ReconciliationView, 'state' | 'results' | 'findings'> & { at: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `update reconciliations
        set claimed_until = now() + ${CLAIM}, state = $2, results = $3, findings = $4,
            finished_at = case when $2 <> 'running' then $5::timestamptz end
      where reconciliation_id = $1 and state = 'running'`,
    [
      reconciliationId,
      progress.state,
      JSON.stringify(progress.results),
      JSON.stringify(progress.findings),
      progress.at,
    ],
  );
}
