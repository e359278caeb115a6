import { callersChanged } from '@foodshed/contracts';
import { Bus } from '@foodshed/platform';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Callers } from './callers.service.js';

/**
 * Listens to what ends sessions or changes rights, so that every replica notices at once and not when its memory
 * ends. What is told while NATS is away is missed; so everything is forgotten when it is back.
 */
@Injectable()
export class CallerChanges implements OnApplicationBootstrap, OnModuleDestroy {
  #subscriptions: Subscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly callers: Callers,
  ) {}

  onApplicationBootstrap(): void {
    const { connection } = this.bus;
    this.#subscriptions = Object.values(callersChanged).map(({ subject, schema }) =>
      connection.subscribe(subject, {
        callback: (error: Error | null, message: Msg) => {
          const told = error ? undefined : schema.safeParse(parsed(message));
          // A word that cannot be read is still one: somebody's rights changed.
          if (told?.success) this.callers.forgetPeople(told.data.personIds);
          else this.callers.forgetEverybody();
        },
      }),
    );
    void this.#watch();
  }

  onModuleDestroy(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.bus.connection.status())
      if (type === 'reconnect') this.callers.forgetEverybody();
  }
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
