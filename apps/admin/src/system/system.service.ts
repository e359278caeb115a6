import {
  DomainError,
  noInstance,
  requirePerson,
  serviceNames,
  type CallContext,
  type ServiceName,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Bus, Clock, Database, moveClock, RpcClient, statusRpc } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { AdminConfig } from '../admin.config.js';
import { record } from '../audit/audit.store.js';

@Injectable()
export class SystemService {
  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
    private readonly config: AdminConfig,
  ) {}

  /** Moves the time of every service; the log keeps the real time it was moved at. */
  async setClock(offsetMs: number, context: CallContext) {
    const { personId } = requirePerson(context);
    if (!this.config.isClockSimulated) {
      throw new DomainError('invalid-state', { detail: "This system runs on the machine's own clock." });
    }
    await this.database.transaction(ALL_INSTANCES, (tx) =>
      record(tx, {
        instanceId: noInstance.id,
        at: new Date(),
        actorId: personId,
        action: 'clock-moved',
        objectKind: 'clock',
        objectId: noInstance.id,
        facts: { offsetMs },
      }),
    );
    await moveClock(this.bus.connection, offsetMs);
    this.clock.setOffset(offsetMs);
    return this.#clockView();
  }

  /** Asks every service how it is, at the same time; one that does not answer is not ready. */
  async health() {
    const services = await Promise.all(serviceNames.map((service) => this.#status(service)));
    return { isHealthy: services.every(({ isReady }) => isReady), clock: this.#clockView(), services };
  }

  async #status(service: ServiceName) {
    const asked = performance.now();
    try {
      const status = await this.rpc.call(statusRpc(service), {}, 'service');
      return {
        service,
        isReady: status.ready,
        answeredInMs: Math.round((performance.now() - asked) * 10) / 10,
        clockOffsetMs: status.clockOffsetMs,
        version: status.version,
      };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { service, isReady: false, answeredInMs: null, clockOffsetMs: null, version: null };
    }
  }

  #clockView() {
    return {
      now: this.clock.now().toISOString(),
      offsetMs: this.clock.offsetMs,
      isSimulated: this.config.isClockSimulated,
    };
  }
}
