import { askHost } from './host.js';
import { testingConfig } from './testing.config.js';

type Kind = 'postgres' | 'nats' | 'redis';

interface Facts {
  readonly id: string;
  readonly superuserUrl: string;
  readonly natsUrl: string;
  readonly natsPasswords: Record<string, string>;
  readonly redisUrl: string;
}

/** Control over a server that belongs to one spec. */
export interface ServerControl {
  /** Kills it without warning; returns when it was started again and answers, with its data. */
  kill(): Promise<void>;
  /** Stops it until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

export interface TestNats extends ServerControl {
  readonly url: string;
  /** Credentials of a service's user, with that user's permissions, or of `tools`, who may do everything. */
  as(user: string): { user: string; password: string };
}

export interface TestRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** A NATS server with JetStream for one spec alone, with the users and permissions of a real system. */
export async function testNats(): Promise<TestNats> {
  const facts = await askHost<Facts>('servers/start', { only: ['nats'] });
  const as = (user: string) => {
    const password = facts.natsPasswords[user];
    if (password === undefined) throw new Error(`NATS has no user ${user}`);
    return { user, password };
  };
  return { url: facts.natsUrl, as, ...control(facts.id, 'nats') };
}

/** A database number of the run's Redis that no other spec uses at the same time; it is empty. */
export async function testRedis(): Promise<TestRedis> {
  const facts = await askHost<Facts>('servers/shared', { kind: 'redis' });
  const url = new URL(facts.redisUrl);
  url.pathname = `/${testingConfig.worker % 64}`;
  const { Redis } = await import('ioredis');
  const client = new Redis(url.href, { maxRetriesPerRequest: 3 });
  await client.flushdb();
  await client.quit();
  return { url: url.href, close: () => Promise.resolve() };
}

/** A Redis server for one spec alone, which may be killed. */
export async function ownRedis(): Promise<ServerControl & { readonly url: string }> {
  const facts = await askHost<Facts>('servers/start', { only: ['redis'], durable: true });
  return { url: facts.redisUrl, ...control(facts.id, 'redis') };
}

function control(id: string, which: Kind): ServerControl {
  return {
    kill: () => askHost('servers/kill', { id, which }),
    pause: () => askHost('servers/pause', { id, which }),
    resume: () => askHost('servers/resume', { id, which }),
    close: () => askHost('servers/end', { id }),
  };
}
