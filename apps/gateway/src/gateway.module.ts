import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiter } from './edge/rate-limits.service.js';
import { CallerChanges } from './edge/caller-changes.service.js';
import { Callers } from './edge/callers.service.js';
import { controllers } from './gateway.controllers.js';
import { GatewayConfig } from './gateway.config.js';
import { LiveChanges } from './live/live.service.js';
import { QuotesService } from './quotes.service.js';

@Module({
  controllers,
  providers: [
    CallerChanges,
    Callers,
    LiveChanges,
    QuotesService,
    {
      provide: RateLimiter,
      useFactory: (redis?: Redis) => new RateLimiter(redis),
      inject: [{ token: Redis, optional: true }],
    },
  ],
})
export class GatewayModule {}

/** Makes the gateway's configuration injectable everywhere in it. */
@Global()
@Module({})
export class GatewayConfigModule {
  static of(config: GatewayConfig): DynamicModule {
    const provider = { provide: GatewayConfig, useValue: config };
    return { module: GatewayConfigModule, providers: [provider], exports: [provider] };
  }
}
