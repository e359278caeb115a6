import { setTimeout as delay } from 'node:timers/promises';
import { requirePerson, type CallContext, type ReconciliationView } from '@foodshed/contracts';
import {
  afterCommit,
  ALL_INSTANCES,
  Clock,
  Database,
  Jobs,
  newId,
  RpcClient,
  Tokens,
} from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { listInstances, type InstanceRow } from '../instances/instance.store.js';
import { idAfter, pageFrom } from '../pages.rules.js';
import { compareInstance, type Asking, type Comparison } from './books.service.js';
import {
  insertReconciliation,
  listReconciliations,
  recordProgress,
  takeReconciliation,
} from './reconciliation.store.js';

/** Events that are on their way make books differ for a moment: what differs is looked at again for so long. */
const PATIENCE_MS = 15_000;
const AGAIN_AFTER_MS = 1_000;
const MOST_FINDINGS = 200;
const MOST_INSTANCES = 10_000;

/** Compares the books of every instance, in the background; what is known so far is in Postgres. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly rpc: RpcClient,
    private readonly tokens: Tokens,
  ) {}

  start(context: CallContext): Promise<ReconciliationView> {
    const { personId } = requirePerson(context);
    const reconciliationId = newId();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const at = this.clock.now();
      const view = await insertReconciliation(tx, { reconciliationId, requestedBy: personId, at });
      afterCommit(tx, () => void this.jobs.enqueue('reconcile', reconciliationId, {}));
      return view;
    });
  }

  async list(page: { cursor?: string; limit: number }) {
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) =>
      listReconciliations(tx, { before: idAfter(page.cursor), limit: page.limit + 1 }),
    );
    return pageFrom(rows, page.limit, (row) => row.reconciliationId);
  }

  /** Runs the comparison that waits, if one does; one whose process ended is begun anew. */
  async run(): Promise<void> {
    const { instances, taken } = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const all = await listInstances(tx, { after: null, limit: MOST_INSTANCES });
      return { instances: all, taken: await takeReconciliation(tx, all.length) };
    });
    if (!taken) return;
    const progress = { results: [] as ReconciliationView['results'], findings: [] as string[] };
    const note = (state: ReconciliationView['state']) =>
      this.database.transaction(ALL_INSTANCES, (tx) =>
        recordProgress(tx, taken.reconciliationId, { ...progress, state, at: this.clock.now() }),
      );
    try {
      const asking = { rpc: this.rpc, tokens: this.tokens, personId: taken.requestedBy };
      for await (const { findings, ...result } of comparisons(asking, instances)) {
        progress.results.push({ ...result, differences: findings.length });
        progress.findings.push(...findings.slice(0, MOST_FINDINGS - progress.findings.length));
        await note('running');
      }
      await note(progress.results.every(({ differences }) => differences === 0) ? 'agrees' : 'differs');
    } catch (error) {
      await note('failed');
      throw error;
    }
  }
}

/** Compares one instance after the other; what differs is compared again until all patience is used up. */
export async function* comparisons(
  asking: Asking,
  instances: readonly InstanceRow[],
): AsyncGenerator<Comparison> {
  const deadline = performance.now() + PATIENCE_MS;
  for (const instance of instances) {
    let comparison = await compareInstance(asking, instance);
    while (comparison.findings.length > 0 && performance.now() < deadline) {
      await delay(AGAIN_AFTER_MS);
      comparison = await compareInstance(asking, instance);
    }
    yield comparison;
  }
}
