import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../infrastructure/failure.mjs';
import { dataFolder, giveToServer } from '../infrastructure/postgres.mjs';
import { endLeftovers, readJson } from '../infrastructure/state.mjs';

/**
 * Puts a backup in place of a data folder's content. Streams and queues are removed: services fill them again
 * from what Postgres holds. Returns the manifest and where the earlier data was put, if there was any.
 * @throws Failure when the folder is no backup
 */
export async function restoreBackup({ home, folder, log }) {
  const manifest = readJson(join(folder, 'manifest.json'));
  if (!manifest || !existsSync(join(folder, 'postgres', 'PG_VERSION'))) {
    throw new Failure(`${folder} is not a complete backup: name the folder that \`npm run backup\` printed.`);
  }
  mkdirSync(home, { recursive: true });
  await endLeftovers(home, log);
  const data = dataFolder(home);
  const aside = existsSync(data)
    ? join(home, 'before-restore', new Date().toISOString().replace(/[:.]/g, '-'))
    : undefined;
  if (aside) {
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    for (const name of ['secrets.json', 'demo.json']) {
      if (existsSync(join(home, name))) renameSync(join(home, name), join(aside, name));
    }
    renameSync(
      data,
      dirname(data) === home ? join(aside, 'postgres') : `${data}.before-restore-${Date.now()}`,
    );
  }
  for (const name of ['nats', 'redis', 'demo.begun', 'migrated.json'])
    rmSync(join(home, name), { recursive: true, force: true });
  cpSync(join(folder, 'postgres'), data, { recursive: true });
  chmodSync(data, 0o700);
  giveToServer(data);
  for (const name of ['secrets.json', 'demo.json']) {
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(home, name));
  }
  return { manifest, aside };
}
