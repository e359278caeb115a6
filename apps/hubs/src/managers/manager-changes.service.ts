import { Injectable } from '@nestjs/common';
import { callersChanged, hubsEvents, type EventData } from '@foodshed/contracts';
import { Bus, Outbox, type Tx } from '@foodshed/platform';

/** Tells others who manages what from now on: the audit by an event, and gateways that remember callers at once. */
@Injectable()
export class ManagerChanges {
  constructor(
    private readonly outbox: Outbox,
    private readonly bus: Bus,
  ) {}

  /** Publishes the change with the transaction. */
  add(tx: Tx, instanceId: string, data: EventData<typeof hubsEvents.managersChanged>): Promise<unknown> {
    return this.outbox.add(tx, [{ event: hubsEvents.managersChanged, instanceId, data }]);
  }

  /** After the commit: what gateways know of these people is out of date. */
  tell(personIds: Iterable<string>): void {
    const data = { personIds: [...new Set(personIds)] };
    if (data.personIds.length > 0)
      this.bus.connection.publish(callersChanged.byHubs.subject, JSON.stringify(data));
  }
}
