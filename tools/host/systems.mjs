import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { restoreBackup } from '../backup/restore-backup.mjs';
import { removeHome, startInfrastructure } from '../infrastructure.mjs';
import { SERVICES } from '../infrastructure/secrets.mjs';
import { noteRunning } from '../infrastructure/state.mjs';
import { Fleet } from '../system/fleet.mjs';

// Specs sign in and order far more often than a person does; the limits have a spec of their own.
const GENEROUS_LIMITS = {
  RATE_LIMIT_ANONYMOUS: '1000000',
  RATE_LIMIT_PERSON: '1000000',
  RATE_LIMIT_SIGN_IN: '100000',
};

/** Whole systems for specs: the built services on servers of their own. */
export class Systems {
  methods = [
    'start',
    'shared',
    'facts',
    'killService',
    'stopServices',
    'startServices',
    'killServer',
    'pauseServer',
    'resumeServer',
    'end',
  ];
  #home;
  #log;
  #count = 0;
  #running = new Map();
  #shared;

  constructor(home, log) {
    this.#home = home;
    this.#log = log;
  }

  /** Boots a system, on the data of a backup if one is given; `environment` is added to every service's. */
  async start({ replicas = 1, environment = {}, services = SERVICES, backup }) {
    const id = `system-${(this.#count += 1)}`;
    const home = join(this.#home, id);
    mkdirSync(home, { recursive: true });
    if (backup) await restoreBackup({ home, folder: backup, log: this.#log });
    const infrastructure = await startInfrastructure({ home, log: this.#log });
    const settings = {
      ENVIRONMENT: 'test',
      CLOCK: 'simulated',
      LOG_LEVEL: 'info',
      ...GENEROUS_LIMITS,
      WEBHOOK_TARGETS: 'local',
      ...environment,
    };
    const fleet = new Fleet({ infrastructure, replicas, environment: settings, log: this.#log });
    this.#running.set(id, { id, infrastructure, fleet });
    await fleet.migrate();
    await fleet.nameOperator();
    await fleet.start(services);
    noteRunning(home, { url: fleet.baseUrls[0], managementUrls: fleet.managementUrls });
    return this.facts({ id });
  }

  /** Returns the one system that the specs of a run share; booted when it is first asked for. */
  async shared(options) {
    this.#shared ??= this.start(options);
    const { id } = await this.#shared;
    return this.facts({ id });
  }

  facts({ id }) {
    const { infrastructure, fleet } = this.#of(id);
    const environments = Object.fromEntries(
      SERVICES.map((service) => [service, fleet.environmentOf(service)]),
    );
    return {
      id,
      home: infrastructure.home,
      baseUrls: fleet.baseUrls,
      managementUrls: fleet.managementUrls,
      pids: fleet.pids,
      environments,
      operator: infrastructure.secrets.operator,
      postgresUrl: infrastructure.postgres.url,
      nats: infrastructure.nats,
      redisUrl: infrastructure.redis.url,
    };
  }

  /** Kills replicas of a service; with `wait`, returns when they are ready again. */
  async killService({ id, service, signal, replica, wait = true }) {
    const { fleet } = this.#of(id);
    await fleet.kill(service, { signal, replica });
    if (wait) await fleet.whenReady([service]);
  }

  stopServices({ id, services }) {
    return this.#of(id).fleet.stop(services);
  }

  startServices({ id, services }) {
    return this.#of(id).fleet.start(services);
  }

  /** Kills Postgres, NATS or Redis, which is started again; returns when it answers. */
  async killServer({ id, which, signal }) {
    const { infrastructure } = this.#of(id);
    const gone = infrastructure.children[which].exited();
    infrastructure.kill(which, signal);
    await gone;
    await infrastructure.whenReady(which);
  }

  pauseServer({ id, which }) {
    return this.#of(id).infrastructure.children[which].stop();
  }

  resumeServer({ id, which }) {
    return this.#of(id).infrastructure.children[which].start();
  }

  /** Stops a system and removes its data. */
  async end({ id }) {
    const system = this.#running.get(id);
    this.#running.delete(id);
    await system?.fleet.stop();
    await system?.infrastructure.stop();
    if (system) await removeHome(system.infrastructure.home, this.#log);
  }

  async stop() {
    for (const id of [...this.#running.keys()]) await this.end({ id });
  }

  #of(id) {
    const system = this.#running.get(id);
    if (!system) throw new Error(`no system called ${id}`);
    return system;
  }
}
