import {
  DomainError,
  noInstance,
  requirePerson,
  serviceNames,
  type CallContext,
  type DeadLetterView,
  type OperationsView,
  type ServiceName,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Bus,
  Clock,
  consumersOfAll,
  countDeadLetters,
  Database,
  findDeadLetter,
  listDeadLetters,
  removeDeadLetter,
  republishRpc,
  RpcClient,
  statusRpc,
  type DeadLetter,
} from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';

const MOST_DATA = 4_000;

/** How the installation is, for those who run it. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
  ) {}

  async operations(): Promise<OperationsView> {
    const [services, consumers, deadLetters] = await Promise.all([
      Promise.all(serviceNames.map((service) => this.#service(service))),
      consumersOfAll(this.bus.connection),
      // There is no such stream until something was put aside.
      countDeadLetters(this.bus.connection).catch(() => 0),
    ]);
    return { services, consumers: consumers.sort((a, b) => b.waiting - a.waiting), deadLetters };
  }

  async deadLetters({ cursor, limit }: { cursor?: string; limit: number }) {
    const after = Number(cursor ?? 0);
    const letters = await listDeadLetters(this.bus.connection, { after, limit: limit + 1 });
    const items = letters.slice(0, limit).map(viewOf);
    const last = items.at(-1);
    return { items, nextCursor: letters.length > limit && last ? String(last.sequence) : null };
  }

  /**
   * Has the event published again by the service that it is of. A crash before the dead letter is put away leaves it
   * there, and the event is known to whoever has handled it by then.
   */
  async replay(sequence: number, context: CallContext): Promise<{ eventId: string }> {
    const { personId } = requirePerson(context);
    const { event, consumer } = await findDeadLetter(this.bus.connection, sequence);
    const service = serviceNames.find((name) => event.subject.startsWith(`${name}.events.`));
    if (!service) throw new DomainError('not-found', { detail: 'Its event is of no service that is known.' });
    await this.rpc.call(republishRpc(service), { eventId: event.id }, 'service');
    await this.database.transaction(ALL_INSTANCES, (tx) =>
      record(tx, {
        instanceId: noInstance.id,
        at: this.clock.now(),
        actorId: personId,
        action: 'dead-letter-replayed',
        objectKind: 'event',
        objectId: event.id,
        facts: { consumer, sequence },
      }),
    );
    await removeDeadLetter(this.bus.connection, sequence);
    return { eventId: event.id };
  }

  async #service(service: ServiceName): Promise<OperationsView['services'][number]> {
    const asked = performance.now();
    try {
      const { ready, faults, outbox, version } = await this.rpc.call(statusRpc(service), {}, 'service');
      const answeredInMs = Math.round((performance.now() - asked) * 10) / 10;
      return { service, isReady: ready, faults, version, answeredInMs, outbox };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const faults = { service: 'does not answer' };
      return { service, isReady: false, faults, version: null, answeredInMs: null, outbox: null };
    }
  }
}

function viewOf({ sequence, service, consumer, failedAt, reason, event }: DeadLetter): DeadLetterView {
  const { id, instanceId, occurredAt, subject, data } = event;
  const text = JSON.stringify(data ?? null, null, 2).slice(0, MOST_DATA);
  const { code, detail, fields = [] } = reason;
  const told = { id, instanceId, occurredAt, subject, data: text };
  return { sequence, service, consumer, failedAt, code, detail, fields, event: told };
}
