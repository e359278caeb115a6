import { hubsEvents, type EventData } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from './audit.store.js';

type ManagersChanged = EventData<typeof hubsEvents.managersChanged>;

/** What other services did that the log keeps: who invited whom to manage an enterprise, and who accepted. */
@Injectable()
export class AuditConsumer {
  @Consume([hubsEvents.managersChanged], { batch: 100 })
  async managersChanged(tx: Tx, events: ReceivedEvent<ManagersChanged>[]): Promise<void> {
    for (const { instanceId, data } of events) {
      const { change, actorId, enterpriseId, invitationId, changedAt } = data;
      await record(tx, {
        instanceId,
        at: new Date(changedAt),
        actorId,
        action: `manager-${change}`,
        objectKind: 'enterprise',
        objectId: enterpriseId,
        facts: invitationId ? { invitationId } : {},
      });
    }
  }
}
