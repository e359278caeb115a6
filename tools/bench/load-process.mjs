import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from '../infrastructure/failure.mjs';
import { cpuMeter } from './cpu.mjs';

/** Returns the processes of Postgres that serve each service, by name. */
async function backendsOf(client) {
  const { rows } = await client.query(
    `select usename, array_agg(pid) as pids from pg_stat_activity where usename like '%\\_app' group by usename`,
  );
  return Object.fromEntries(rows.map(({ usename, pids }) => [usename.replace('_app', ''), pids]));
}

const PROGRAM = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, 'load.mjs');

/**
 * Runs the load in a process of its own and measures every process of the system meanwhile.
 * @param {{job: object, pids: Record<string, number | number[]>, postgresUrl: string, onMessage?: (message: object, tell: (message: object) => void) => void}}
 *   run what to do, whom to measure, and whom to tell of what the load says
 * @returns {Promise<object>} the load's figures, with the CPU milliseconds of each process (the load's as `load`),
 *   and `inPostgres` that of Postgres for each service
 * @throws Failure when a request fails, or the load ends by itself
 */
export async function runLoad({ job, pids, postgresUrl, onMessage = () => undefined }) {
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    return await runMeasured({ job, pids, client, onMessage });
  } finally {
    await client.end();
  }
}

function runMeasured({ job, pids, client, onMessage }) {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let meter;
    let cpu;
    let backends;
    let byBackend;
    child.on('message', (message) => {
      if (message.begin) {
        meter = cpuMeter(pids);
        backends = backendsOf(client).then(cpuMeter);
      }
      if (message.end) {
        cpu = meter();
        byBackend = backends.then((read) => read());
      }
      if (message.error) reject(new Failure(`The load failed: ${message.error}`));
      if (message.result) {
        byBackend.then(
          (inPostgres) =>
            resolve({ ...message.result, cpu: { ...cpu, load: message.result.cpuMs }, inPostgres }),
          reject,
        );
      }
      onMessage(message, (answer) => child.connected && child.send(answer, () => undefined));
    });
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Failure(`The load ended with code ${code}.`)));
    child.send({ job });
  });
}

/** The CPU milliseconds of each process, per order. */
export function perOrder(cpu, count) {
  return Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, ms / count]));
}
