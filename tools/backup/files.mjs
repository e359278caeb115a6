import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders whose content a restored server makes anew; the folders themselves must be there. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const SKIPPED = /^(postmaster\.(pid|opts)|pg_internal\.init|pgsql_tmp.*|backup_label.*)$/;
/** Copied last: it says where recovery begins. */
const CONTROL = join('global', 'pg_control');

/**
 * Copies the files of a running cluster, which may vanish or change meanwhile: the log that is copied with
 * them makes them whole again. Returns how many bytes were copied.
 */
export function copyCluster(from, to, onBytes = () => undefined) {
  let bytes = 0;
  const copy = (relative) => {
    if (!copyIfThere(join(from, relative), join(to, relative))) return;
    bytes += statSync(join(to, relative)).size;
    onBytes(bytes);
  };
  const walk = (folder) => {
    mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
    for (const entry of readdirSync(join(from, folder), { withFileTypes: true })) {
      const relative = join(folder, entry.name);
      if (SKIPPED.test(entry.name) || relative === CONTROL) continue;
      if (entry.isDirectory() && folder === '' && EMPTIED.has(entry.name)) {
        mkdirSync(join(to, relative), { mode: 0o700 });
      } else if (entry.isDirectory()) {
        walk(relative);
      } else if (entry.isFile()) {
        copy(relative);
      }
    }
  };
  walk('');
  copy(CONTROL);
  return bytes;
}

/** Copies the log files from the first to the last, both included. */
export function copyLog(from, to, { first, last }) {
  const names = readdirSync(join(from, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
  const needed = names.filter((name) => name >= first && name <= last);
  for (const folder of ['pg_wal/archive_status', 'pg_wal/summaries'])
    mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
  for (const name of needed) copyIfThere(join(from, 'pg_wal', name), join(to, 'pg_wal', name));
  return needed.length;
}

function copyIfThere(from, to) {
  try {
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT' && !existsSync(from)) return false;
    throw error;
  }
}
