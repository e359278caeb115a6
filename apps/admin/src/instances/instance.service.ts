import {
  adminEvents,
  adminRpc,
  DomainError,
  requirePerson,
  type CallContext,
  type InstanceView,
  type RpcInput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, newId, Outbox } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { idAfter, pageFrom } from '../pages.rules.js';
import { findInstance, insertInstance, listInstances, viewOf } from './instance.store.js';

@Injectable()
export class InstanceService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async create(input: RpcInput<typeof adminRpc.createInstance>, context: CallContext): Promise<InstanceView> {
    const { personId } = requirePerson(context);
    const at = this.clock.now();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const row = await insertInstance(tx, { id: newId(), ...input, createdAt: at });
      if (!row) {
        throw new DomainError('already-exists', {
          detail: 'Another instance has this short name.',
          fields: [{ path: 'slug', message: 'is taken' }],
        });
      }
      const { slug, name, currency, time_zone: timeZone, instance_id: instanceId } = row;
      const data = { slug, name, currency, timeZone, changedAt: at.toISOString() };
      await this.outbox.add(tx, [{ event: adminEvents.instanceChanged, instanceId, data }]);
      await record(tx, {
        instanceId,
        at,
        actorId: personId,
        action: 'instance-created',
        objectKind: 'instance',
        objectId: instanceId,
      });
      return viewOf(row);
    });
  }

  async list(page: { cursor?: string; limit: number }) {
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) =>
      listInstances(tx, { after: idAfter(page.cursor), limit: page.limit + 1 }),
    );
    const { items, nextCursor } = pageFrom(rows, page.limit, (row) => row.instance_id);
    return { items: items.map(viewOf), nextCursor };
  }

  async get(key: { slug?: string; instanceId?: string }): Promise<InstanceView> {
    if ((key.slug === undefined) === (key.instanceId === undefined)) {
      throw new DomainError('invalid-input', {
        detail: 'Give the short name or the id of the instance, one of them.',
        fields: [{ path: 'slug', message: 'or instanceId is needed, not both' }],
      });
    }
    const row = await this.database.transaction(ALL_INSTANCES, (tx) => findInstance(tx, key));
    if (!row) throw new DomainError('not-found', { detail: 'There is no such instance.' });
    return viewOf(row);
  }
}
