import { Database } from '@foodshed/platform';
import { databaseUrl } from './ledger.config.js';
import type { KeptHead, VerifyOptions } from './replay.service.js';
import { verifyBooks, type Verification } from './verify.service.js';
import type { Query } from './verify.store.js';

const HEAD = /^(--since=)?([0-9a-f-]{36}):(\d+):([0-9a-f]{64})$/;

/** What `node dist/main.js <command>` does beside serving and migrating; gives the exit code. */
export const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { verify };

/**
 * Replays the whole ledger of a running or a restored database and prints what it found. Each argument is a head
 * somebody kept, as statements print it: `<instance>:<batch>:<hash>`; with `--since=` before it, that chain is
 * replayed from there on.
 */
async function verify(args: readonly string[]): Promise<number> {
  const heads = args.map((text) => HEAD.exec(text));
  if (heads.includes(null)) {
    print(
      'Give earlier heads as <instance>:<batch>:<hash>, as statements print them; --since=<head> to begin there.',
    );
    return 2;
  }
  const [since, earlierHeads]: [KeptHead[], KeptHead[]] = [[], []];
  for (const [, flag, instanceId = '', batch, hash = ''] of heads as RegExpExecArray[])
    (flag ? since : earlierHeads).push({ instanceId, batch: Number(batch), hash });
  const database = await Database.open({
    url: databaseUrl(),
    schema: 'ledger',
    poolSize: 1,
    applicationName: 'ledger-verify',
  });
  const started = performance.now();
  try {
    let shown = started;
    const onProgress = (entries: number): void => {
      if (performance.now() - shown < 2_000) return;
      shown = performance.now();
      print(`${entries} entries …`);
    };
    const result = await verifySnapshot(database, { earlierHeads, since, onProgress });
    report(result, since, (performance.now() - started) / 1_000);
    return result.findings.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

/** Verifies in one read-only snapshot, so that a ledger that goes on posting is seen at one instant. */
export async function verifySnapshot(database: Database, options: VerifyOptions = {}): Promise<Verification> {
  const client = await database.pool.connect();
  try {
    await client.query("begin isolation level repeatable read read only; set local app.instance_id = '*'");
    const query: Query = async (text, values) =>
      (await client.query({ text, values, rowMode: 'array' })).rows as unknown[][];
    return await verifyBooks(query, options);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

function report(
  { heads, findings, entries, transactions }: Verification,
  since: readonly KeptHead[],
  seconds: number,
): void {
  for (const { instanceId, where, what } of findings)
    print(`FOUND in instance ${instanceId}: ${where}: ${what}`);
  for (const { instanceId, batch, hash } of heads) print(`head ${instanceId}:${batch}:${hash}`);
  for (const { instanceId, batch } of since)
    print(`of instance ${instanceId} only what came after batch ${batch}, which was verified before`);
  const speed = `${seconds.toFixed(1)} s, ${Math.round(entries / Math.max(seconds, 0.001))} entries/s`;
  print(`${entries} entries in ${transactions} transactions replayed in ${speed}`);
  print(
    findings.length === 0
      ? `${since.length > 0 ? 'What was replayed' : 'The ledger'} is as it was sealed.`
      : `The ledger was changed: ${findings.length} findings.`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
