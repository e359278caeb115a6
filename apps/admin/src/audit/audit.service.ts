import {
  hasRole,
  noInstance,
  requireInstance,
  type adminRpc,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { idAfter, pageFrom } from '../pages.rules.js';
import { listEntries } from './audit.store.js';

@Injectable()
export class AuditService {
  constructor(private readonly database: Database) {}

  /** The instance's log; operators see what was done outside of every instance too. */
  async list({ cursor, limit, ...filter }: RpcInput<typeof adminRpc.listAudit>, context: CallContext) {
    const { id: instanceId } = requireInstance(context);
    const isOperator = hasRole(context.caller, 'operator');
    const rows = await this.database.transaction(isOperator ? ALL_INSTANCES : instanceId, (tx) =>
      listEntries(tx, {
        instanceIds: isOperator ? [instanceId, noInstance.id] : [instanceId],
        ...filter,
        before: idAfter(cursor),
        limit: limit + 1,
      }),
    );
    const { items, nextCursor } = pageFrom(rows, limit, (row) => row.audit_id);
    return {
      items: items.map((row) => ({
        auditId: row.audit_id,
        recordedAt: row.recorded_at.toISOString(),
        actorId: row.actor_id,
        actorName: row.actor_name,
        action: row.action,
        objectKind: row.object_kind,
        objectId: row.object_id,
        facts: row.facts,
      })),
      nextCursor,
    };
  }
}
