import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

/** Makes the platform's parts injectable by class, everywhere in a service. */
@Global()
@Module({})
export class PlatformModule {
  static of(parts: readonly object[]): DynamicModule {
    const providers: Provider[] = parts.map((part) => ({
      provide: part.constructor as new () => object,
      useValue: part,
    }));
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      providers,
      exports: [...providers, DiscoveryModule],
    };
  }
}
