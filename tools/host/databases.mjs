import { startInfrastructure } from '../infrastructure.mjs';
import { prepareDatabase, withDatabase } from '../infrastructure/roles.mjs';

/** How long one spec may take to migrate a template before another tries. */
const TEMPLATE_TIMEOUT_MS = 120_000;

/** Databases for specs: templates that one spec migrates, and copies of them for all. */
export class Databases {
  methods = ['template', 'templateReady', 'create', 'drop'];
  #home;
  #log;
  #infrastructure;
  #queue = Promise.resolve();
  #templates = new Map();
  #count = 0;

  constructor(home, log) {
    this.#home = home;
    this.#log = log;
  }

  /**
   * Returns a template by its key. The first caller gets `make: true` with the owner's URL and migrates it;
   * the others wait until it says `templateReady`.
   */
  async template({ key, service }) {
    const known = this.#templates.get(key);
    if (known && (await Promise.race([known.ready, timeout(TEMPLATE_TIMEOUT_MS)]))) {
      return { name: known.name, make: false };
    }
    const { urls, name } = await this.create({ service });
    let resolve;
    const ready = new Promise((done) => (resolve = done));
    this.#templates.set(key, { name, ready, resolve });
    return { name, make: true, ownerUrl: urls.ownerUrl };
  }

  /** Ends the making of a template; `failed` lets the next caller make another. */
  templateReady({ key, failed = false }) {
    const template = this.#templates.get(key);
    if (failed) this.#templates.delete(key);
    template?.resolve(!failed);
  }

  /** Returns a new database for a service: a copy of a template, or one with an empty schema. */
  async create({ service, template }) {
    const infrastructure = await this.#start();
    const { superuserUrl } = infrastructure.postgres;
    const name = `test_${(this.#count += 1)}`;
    await this.#inTurn(async () => {
      if (!template) {
        return prepareDatabase({
          superuserUrl,
          secrets: infrastructure.secrets,
          database: name,
          services: [service],
        });
      }
      await execute(superuserUrl, `create database ${name} template ${template}`);
      return execute(superuserUrl, `grant connect on database ${name} to ${service}_owner, ${service}_app`);
    });
    const url = (role) => withDatabase(superuserUrl, name, role, infrastructure.secrets.postgres[role]);
    return {
      name,
      urls: {
        appUrl: url(`${service}_app`),
        ownerUrl: url(`${service}_owner`),
        superuserUrl: withDatabase(superuserUrl, name),
      },
    };
  }

  async drop({ name }) {
    const infrastructure = await this.#start();
    await execute(infrastructure.postgres.superuserUrl, `drop database if exists ${name} with (force)`);
  }

  async stop() {
    const infrastructure = await this.#infrastructure?.catch(() => undefined);
    await infrastructure?.stop();
  }

  #start() {
    this.#infrastructure ??= startInfrastructure({
      home: this.#home,
      log: this.#log,
      durable: false,
      only: ['postgres'],
    });
    return this.#infrastructure;
  }

  /** Roles are shared by all databases, and statements on them do not wait for each other. */
  #inTurn(work) {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

async function execute(url, sql) {
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function timeout(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, false).unref());
}
