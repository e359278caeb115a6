import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeHome, startInfrastructure } from '../infrastructure.mjs';
import { reportFailure } from '../infrastructure/failure.mjs';
import { withDatabase } from '../infrastructure/roles.mjs';
import { CACHE } from '../infrastructure/state.mjs';
import { Fleet } from '../system/fleet.mjs';
import { limitTables, measureLimit } from './database-limit.mjs';
import { middleOf } from './figures.mjs';
import { measurePosting, SHAPES } from './ledger-speed.mjs';
import { createNetwork } from './network.mjs';
import { findPgbench, initialize, runPgbench } from './pgbench.mjs';
import { measurePlacing } from './placing.mjs';
import { printLedger, printLimit, printPlacing, printSustained } from './report.mjs';
import { measureSustained } from './sustained.mjs';

const HOME = join(CACHE, 'bench');
const LIMIT_DATABASE = 'bench_limit';
const PARTS = ['placing', 'sustained', 'ledger'];

/** Limits meant for people; the load comes from a few programs. Everything else is as in production. */
const ENVIRONMENT = {
  LOG_LEVEL: 'warn',
  CLOCK: 'system',
  RATE_LIMIT_ANONYMOUS: '100000000',
  RATE_LIMIT_PERSON: '100000000',
  RATE_LIMIT_API_TOKEN: '100000000',
  RATE_LIMIT_SIGN_IN: '100000',
};

/**
 * `npm run bench [-- placing|sustained|ledger] [--seconds=10] [--rounds=3] [--clients=64]`: the built system against what its own
 * database can do, on this machine, in one run, taking turns.
 */
async function main(args) {
  const parts = PARTS.filter((part) => args.includes(part));
  const options = {
    parts: parts.length > 0 ? parts : PARTS,
    seconds: numberAfter(args, '--seconds', 10),
    rounds: numberAfter(args, '--rounds', 3),
    clients: numberAfter(args, '--clients', undefined),
  };
  const log = (line) => console.log(line);
  const pgbench = await findPgbench({ cache: CACHE, log });
  await removeHome(HOME, () => undefined);
  mkdirSync(HOME, { recursive: true });
  const infrastructure = await startInfrastructure({ home: HOME, log });
  const fleet = new Fleet({ infrastructure, environment: ENVIRONMENT, log });
  const end = async () => {
    await fleet.stop();
    await infrastructure.stop();
    await removeHome(HOME, () => undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void end().then(() => process.exit(130)));
  try {
    log(
      `${pgbench.says}; ${cpus().length} × ${cpus()[0].model}; fsync on; load, services and servers share it`,
    );
    const results = await measure({ options, pgbench, infrastructure, fleet, log });
    writeFileSync(join(CACHE, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
    log(`\nAll figures: ${join('.foodshed', 'bench.json')}`);
  } finally {
    await end();
  }
}

async function measure({ options, pgbench, infrastructure, fleet, log }) {
  const superuser = infrastructure.postgres.superuserUrl;
  const postgresPid = infrastructure.children.postgres?.pid;
  await statements(superuser, `create database ${LIMIT_DATABASE}`);
  const url = withDatabase(superuser, LIMIT_DATABASE);
  await statements(url, limitTables);
  await fleet.migrate();
  const limit = async (seconds = options.seconds) => {
    await statements(superuser, 'checkpoint');
    return measureLimit(pgbench, { url, postgresPid, seconds });
  };
  await limit(3);
  const results = {};
  if (options.parts.includes('ledger')) {
    results.ledger = await measureLedger({ options, pgbench, url, superuser, infrastructure, postgresPid });
    printLedger(results.ledger, log);
  }
  if (options.parts.some((part) => part !== 'ledger')) {
    await fleet.nameOperator();
    await fleet.start();
    const network = await createNetwork({
      baseUrl: fleet.baseUrls[0],
      operator: infrastructure.secrets.operator,
      log,
    });
    const pids = { ...fleet.pids, ...pidsOf(infrastructure) };
    const system = { network, pids, baseUrls: fleet.baseUrls, postgresUrl: infrastructure.postgres.url };
    if (options.parts.includes('placing')) {
      results.placing = await measurePlacing({ options, limit, system, log });
      printLimit(results.placing.limit, log);
      printPlacing(results.placing, log);
    }
    if (options.parts.includes('sustained')) {
      results.sustained = await measureSustained({ options, limit, system, log });
      printSustained(results.sustained, log);
    }
  }
  return results;
}

/** Posting and TPC-B take turns; of each the middle round counts. */
async function measureLedger({ options, pgbench, url, superuser, infrastructure, postgresPid }) {
  const { seconds, rounds } = options;
  const ledgerUrl = infrastructure.serviceEnvironment('ledger').DATABASE_URL;
  const references = { 'TPC-B, scale 10': 10, 'TPC-B, scale 1 (one hot branch)': 1 };
  const runs = {};
  const keep = (name, result) => (runs[name] = [...(runs[name] ?? []), result]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, scale] of Object.entries(references)) {
      await initialize(pgbench, { url, scale });
      await statements(superuser, 'checkpoint');
      keep(name, await runPgbench(pgbench, { url, clients: 8, seconds }));
    }
    for (const shape of Object.keys(SHAPES)) {
      await statements(superuser, 'checkpoint');
      keep(shape, await measurePosting({ url: ledgerUrl, shape, postgresPid, seconds }));
    }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, results]) => [name, middleOf(results)]));
}

function pidsOf(infrastructure) {
  const servers = Object.entries(infrastructure.children);
  return Object.fromEntries(servers.map(([server, child]) => [server, [child.pid]]));
}

async function statements(url, sql) {
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function numberAfter(args, name, otherwise) {
  const found = args.find((arg) => arg.startsWith(`${name}=`));
  return found ? Number(found.slice(name.length + 1)) : otherwise;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).catch((error) => process.exit(reportFailure(error)));
}
