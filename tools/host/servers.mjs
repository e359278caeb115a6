import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeHome, startInfrastructure } from '../infrastructure.mjs';

/** Servers for specs: one of each for whoever only needs one, and private ones for specs that stop or kill them. */
export class Servers {
  methods = ['start', 'shared', 'kill', 'pause', 'resume', 'end'];
  #home;
  #log;
  #count = 0;
  #own = new Map();
  #shared = new Map();

  constructor(home, log) {
    this.#home = home;
    this.#log = log;
  }

  /** Returns the facts of new servers of these kinds (`postgres`, `nats`, `redis`) for one spec alone. */
  async start({ only, durable = false }) {
    const id = `servers-${(this.#count += 1)}`;
    const home = join(this.#home, id);
    mkdirSync(home, { recursive: true });
    const infrastructure = await startInfrastructure({ home, log: this.#log, only, durable });
    this.#own.set(id, infrastructure);
    return facts(id, infrastructure);
  }

  /** Returns the facts of the server of this kind that all specs of the run share. */
  shared({ kind }) {
    if (!this.#shared.has(kind)) this.#shared.set(kind, this.start({ only: [kind] }));
    return this.#shared.get(kind);
  }

  /** Kills a server, which is started again; returns when it answers. */
  async kill({ id, which, signal }) {
    const infrastructure = this.#of(id);
    const gone = infrastructure.children[which].exited();
    infrastructure.kill(which, signal);
    await gone;
    await infrastructure.whenReady(which);
  }

  /** Stops a server until `resume`. */
  pause({ id, which }) {
    return this.#of(id).children[which].stop();
  }

  resume({ id, which }) {
    return this.#of(id).children[which].start();
  }

  /** Stops the servers of one spec and removes their data. */
  async end({ id }) {
    const infrastructure = this.#own.get(id);
    this.#own.delete(id);
    await infrastructure?.stop();
    if (infrastructure) await removeHome(infrastructure.home, this.#log);
  }

  async stop() {
    for (const id of [...this.#own.keys()]) await this.end({ id });
  }

  #of(id) {
    const infrastructure = this.#own.get(id);
    if (!infrastructure) throw new Error(`no servers called ${id}`);
    return infrastructure;
  }
}

function facts(id, { postgres, nats, redis, secrets }) {
  return {
    id,
    superuserUrl: postgres?.superuserUrl,
    natsUrl: nats.url,
    natsPasswords: secrets.nats,
    redisUrl: redis.url,
  };
}
