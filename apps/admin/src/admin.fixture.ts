import { generateKeyPairSync } from 'node:crypto';
import {
  adminRpc,
  hubsEvents,
  hubsRpc,
  noInstance,
  serviceNames,
  type Caller,
  type DomainError,
  type EventData,
  type Rpc as RpcDefinition,
} from '@foodshed/contracts';
import {
  Bus,
  Clock,
  createLogger,
  managerOf,
  Metrics,
  newId,
  Rpc,
  RpcClient,
  startService,
  streamOf,
  Tokens,
  type Database,
  type RunningService,
  type ServiceConfig,
} from '@foodshed/platform';
import { jetstream } from '@nats-io/jetstream';
import { Controller, Module, type Type } from '@nestjs/common';
import { WebhookSettings } from './admin.config.js';
import { AdminModule } from './admin.module.js';
import { migrations } from './migrations/migrations.js';

const keys = Object.fromEntries(
  serviceNames.map((name) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return [name, { ...privateKey.export({ format: 'jwk' }), kid: name }];
  }),
) as Record<string, ServiceConfig['signingKey']>;
const verifyKeys = serviceNames.map((kid) => ({ kty: 'OKP', crv: 'Ed25519', x: keys[kid]!.x, kid }) as const);

/** What the stand-in for hubs says that people manage. */
const managed: string[] = [];

@Controller()
class EnterprisesOfPeople {
  @Rpc(hubsRpc.listManagedEnterprises)
  async list() {
    return { enterpriseIds: managed };
  }
}
@Module({ controllers: [EnterprisesOfPeople] })
class HubsModule {}

export const password = 'a long enough secret';

type Instance = { id: string; currency: string; timeZone: string };
export const partsOf = ({ id, currency, timeZone }: Instance): Instance => ({ id, currency, timeZone });
export const visitor = (instance: Instance): Caller => ({ kind: 'anonymous', instance: partsOf(instance) });
export const person = (
  personId: string,
  instance: Instance,
  ...roles: ('steward' | 'operator')[]
): Caller => ({
  kind: 'person',
  personId,
  instance: partsOf(instance),
  roles,
  enterpriseIds: [],
});

/** The refusal that the call ends with. @throws Error when it is answered */
export const refusal = (promise: Promise<unknown>): Promise<DomainError> =>
  promise.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as DomainError,
  );

interface Servers {
  readonly nats: { readonly url: string; as(user: string): { user: string; password: string } };
  readonly db: { readonly database: Database; readonly appUrl: string };
  readonly redisUrl?: string;
  readonly dnsServers?: readonly string[];
}

/** Admin as a service among others, with a stand-in for hubs, asked as the gateway asks it. */
export class AdminWorld {
  readonly tokens = {
    admin: new Tokens('admin', keys['admin']!, verifyKeys),
    gateway: new Tokens('gateway', keys['gateway']!, verifyKeys),
    hubs: new Tokens('hubs', keys['hubs']!, verifyKeys),
  };
  #count = 0;

  private constructor(
    private readonly servers: Servers,
    private readonly admin: RunningService,
    private hubs: RunningService,
    readonly bus: Bus,
    private readonly client: RpcClient,
  ) {}

  static async start(servers: Servers): Promise<AdminWorld> {
    const settings = new WebhookSettings(WebhookSettings.keyOf('x'.repeat(32)), 'local', servers.dnsServers);
    jest.spyOn(WebhookSettings, 'load').mockReturnValue(settings);
    const admin = await startService(
      { name: 'admin', module: AdminModule, entities: [], migrations },
      configOf('admin', servers),
    );
    const hubs = await startHubs(servers);
    const { nats } = servers;
    // Hubs makes its own stream where it has an outbox, which the stand-in has not.
    const manager = await managerOf(hubs.app.get(Bus, { strict: false }).connection);
    await manager.streams.add({ name: streamOf('hubs'), subjects: ['hubs.events.>'] });
    const log = createLogger('gateway', 'silent');
    const bus = await Bus.connect({ service: 'gateway', url: nats.url, ...nats.as('gateway') }, log);
    const gateway = new Tokens('gateway', keys['gateway']!, verifyKeys);
    return new AdminWorld(servers, admin, hubs, bus, new RpcClient(bus, gateway, new Metrics('gateway')));
  }

  async close(): Promise<void> {
    await this.bus.close();
    await Promise.all([this.admin.close(), this.hubs.close()]);
  }

  get clock(): Clock {
    return this.part(Clock);
  }

  /** A part of the running admin service. */
  part<T>(type: Type<T> | (abstract new (...rest: never[]) => T)): T {
    return this.admin.app.get(type, { strict: false });
  }

  /** Says what people manage from now on. */
  setManaged(...enterpriseIds: string[]): void {
    managed.splice(0, managed.length, ...enterpriseIds);
  }

  async withoutHubs(work: () => Promise<void>): Promise<void> {
    await this.hubs.close();
    try {
      await work();
    } finally {
      this.hubs = await startHubs(this.servers);
    }
  }

  /** Calls as a person or visitor, or as the gateway itself. */
  call = async <I, O>(rpc: RpcDefinition<I, O>, input: I, caller?: Caller): Promise<O> => {
    if (!caller) return this.client.call(rpc, input, 'service');
    const { token } = await this.tokens[caller.kind === 'anonymous' ? 'gateway' : 'admin'].issue(caller);
    return this.client.call(rpc, input, { caller, token, requestId: newId() });
  };

  /** Calls as hubs does, outside any instance. */
  async callAsHubs<I, O>(rpc: RpcDefinition<I, O>, input: I): Promise<O> {
    return this.hubs.app.get(RpcClient, { strict: false }).call(rpc, input, 'service');
  }

  /** Publishes what hubs says of an enterprise's managers. */
  async managersChanged(
    instanceId: string,
    data: EventData<typeof hubsEvents.managersChanged>,
  ): Promise<void> {
    const { connection } = this.hubs.app.get(Bus, { strict: false });
    const { subject } = hubsEvents.managersChanged;
    const events = [{ id: newId(), instanceId, occurredAt: data.changedAt, headers: {}, data }];
    await jetstream(connection).publish(subject, JSON.stringify({ events }));
  }

  async newInstance() {
    const operator = person(newId(), noInstance, 'operator');
    const input = {
      slug: `valley-${(this.#count += 1)}`,
      name: 'Valley',
      currency: 'EUR',
      timeZone: 'Europe/Lisbon',
      locales: ['pt'],
      description: '',
    };
    return this.call(adminRpc.createInstance, input, operator);
  }

  async newPerson(instance: Instance) {
    const email = `ada.lovelace.${(this.#count += 1)}@example.org`;
    const displayName = `Ada Lovelace ${this.#count}`;
    const input = { displayName, email, password, emailIsVerified: false };
    const { personId } = await this.call(adminRpc.registerPerson, input, visitor(instance));
    return { personId, email, displayName };
  }

  signIn(email: string, given = password) {
    return this.call(adminRpc.signIn, { email, password: given }, visitor(noInstance));
  }
}

function configOf(name: 'admin' | 'hubs', { nats, db, redisUrl }: Servers): ServiceConfig {
  return {
    name,
    version: 'test',
    environment: 'test',
    logLevel: 'silent',
    clock: 'system',
    database: name === 'admin' ? { url: db.appUrl, poolSize: 6 } : undefined,
    redisUrl: name === 'admin' ? redisUrl : undefined,
    nats: { url: nats.url, ...nats.as(name) },
    signingKey: keys[name]!,
    verifyKeys,
    management: { host: '127.0.0.1', port: 0 },
  };
}

function startHubs(servers: Servers): Promise<RunningService> {
  return startService({ name: 'hubs', module: HubsModule }, configOf('hubs', servers));
}
