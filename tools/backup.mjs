import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyCluster, copyLog } from './backup/files.mjs';
import { serverUrls } from './infrastructure.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { dataFolder } from './infrastructure/postgres.mjs';
import { DATABASE, withDatabase } from './infrastructure/roles.mjs';
import { run } from './infrastructure/run.mjs';
import { readSecrets } from './infrastructure/secrets.mjs';
import { homeFolder, readJson, readRunning, writeJson } from './infrastructure/state.mjs';
import { Step } from './start/progress.mjs';

/**
 * `npm run backup [-- folder]`: a base backup of the running system's Postgres with the log that makes it whole,
 * and the secrets that open it. Nothing else holds anything that matters. Services go on meanwhile.
 */
async function main([destination]) {
  const home = homeFolder();
  if (process.env.FOODSHED_POSTGRES_URL || existsSync(join(home, 'postgres-docker'))) {
    throw new Failure(
      'This Postgres has its own tools: back it up with pg_basebackup, as deploy/runbook.md shows.',
    );
  }
  if (!readRunning(home))
    throw new Failure('Nothing is running here: run `npm start` in another terminal first.');
  const name = new Date().toISOString().replace(/[:.]/g, '-');
  const target = resolve(destination ?? join(home, 'backups', name));
  if (existsSync(target)) throw new Failure(`${target} exists already: name another folder.`);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  try {
    const manifest = await backUp(home, target);
    for (const head of manifest.ledgerHeads)
      console.log(`ledger ${head.instanceId}: batch ${head.batch}, head ${head.hash}`);
    console.log(`Backed up to ${target}`);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}

async function backUp(home, target) {
  const { superuserUrl } = serverUrls(readJson(join(home, 'ports.json')), readSecrets(home));
  const client = await connect(withDatabase(superuserUrl, DATABASE));
  const step = new Step('Backing up');
  try {
    const cluster = join(target, 'postgres');
    const data = dataFolder(home);
    // The slot keeps the log that is written from here on; it goes with this session.
    await client.query(`select pg_create_physical_replication_slot('foodshed_backup', true, true)`);
    const start = await one(client, `select pg_walfile_name(pg_backup_start('foodshed', true)) as file`);
    const bytes = copyCluster(data, cluster, (copied) => step.note(`${Math.round(copied / 1e6)} MB`));
    const heads = await ledgerHeads(client);
    const end = await one(
      client,
      'select labelfile, pg_walfile_name(lsn) as file from pg_backup_stop(false)',
    );
    writeFileSync(join(cluster, 'backup_label'), end.labelfile);
    copyLog(data, cluster, { first: start.file, last: end.file });
    copyFileSync(join(home, 'secrets.json'), join(target, 'secrets.json'));
    if (existsSync(join(home, 'demo.json'))) copyFileSync(join(home, 'demo.json'), join(target, 'demo.json'));
    const postgres = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
    const manifest = { takenAt: new Date().toISOString(), postgres, bytes, ledgerHeads: heads };
    writeJson(join(target, 'manifest.json'), manifest);
    await run('sync', ['-f', target]);
    step.done(`${Math.round(bytes / 1e6)} MB`);
    return manifest;
  } catch (error) {
    step.failed();
    throw error;
  } finally {
    await client.end();
  }
}

async function connect(connectionString) {
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function one(client, sql) {
  return (await client.query(sql)).rows[0];
}

/** The head of each instance's chain before the end of the backup: the restored ledger has this batch or a later one. */
async function ledgerHeads(client) {
  const { present } = await one(client, `select to_regclass('ledger.chain_heads') is not null as present`);
  if (!present) return [];
  const { rows } = await client.query(
    `select instance_id as "instanceId", batch::int as batch, encode(hash, 'hex') as hash
     from ledger.chain_heads order by instance_id`,
  );
  return rows;
}

main(process.argv.slice(2)).catch((error) => {
  process.exitCode = reportFailure(error);
});
