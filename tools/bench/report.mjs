import { milliseconds, ratio, table, whole } from './figures.mjs';

/** Prints posting beside TPC-B. */
export function printLedger(ledger, log) {
  const reference = ledger['TPC-B, scale 10'].perSecond;
  const rows = Object.entries(ledger).map(([name, { perSecond, p50Ms, p99Ms, cpu }]) => [
    name,
    whole(perSecond),
    ratio(perSecond / reference),
    milliseconds(p50Ms),
    milliseconds(p99Ms),
    cpu ? milliseconds(cpu.postgres + cpu.writer) : '',
  ]);
  log(
    '\nThe ledger: commands posted each second by one writer in batches of 100, and pgbench with 8 clients',
  );
  log(table([['', 'per s', '× TPC-B', 'p50 ms', 'p99 ms', 'CPU ms'], ...rows]));
}

/** Prints what the database can do for one order. */
export function printLimit(limit, log) {
  log('\nThe database’s own limit: one order as one prepared transaction, 8 clients');
  log(
    table([
      ['', 'orders/s', 'p50 ms', 'p99 ms', 'CPU ms'],
      ['limit', ...figures(limit), milliseconds(total(limit.cpu))],
    ]),
  );
}

/** Prints placing over HTTP beside the limit, and where the processor time goes. */
export function printPlacing({ limit, runs }, log) {
  const rows = runs.map((run) => [
    `${run.clients} clients`,
    ...figures(run),
    ratio(run.perSecond / limit.perSecond),
    milliseconds(total(run.cpu)),
    `${(total(run.cpu) / total(limit.cpu)).toFixed(1)}×`,
  ]);
  log('\nPlacing orders over HTTP, everything on');
  log(table([['', 'orders/s', 'p50 ms', 'p99 ms', 'ratio', 'CPU ms', 'of the limit’s'], ...rows]));
  for (const run of runs) printCpu(`${run.clients} clients`, run, log);
}

/** Prints the whole way from placing to the ledger. */
export function printSustained({ limit, run, backlog, drainedMs }, log) {
  const rows = [['placed, paid and posted', ...figures(run), ratio(run.perSecond / limit.perSecond)]];
  log('\nFrom placing to posted in the ledger, sustained; latencies are of one request');
  log(table([['', 'orders/s', 'p50 ms', 'p99 ms', 'ratio'], ...rows]));
  log(
    `paid and not yet posted, by second: ${backlog.join(' ')}; all posted ${whole(drainedMs)} ms after the last payment`,
  );
  printCpu('placed, paid and posted', run, log);
}

const figures = ({ perSecond, p50Ms, p99Ms }) => [whole(perSecond), milliseconds(p50Ms), milliseconds(p99Ms)];
const total = (cpu) => Object.values(cpu).reduce((sum, each) => sum + each, 0);

function printCpu(name, { cpu, inPostgres }, log) {
  const listed = (parts) =>
    Object.entries(parts)
      .sort(([, a], [, b]) => b - a)
      .map(([process, ms]) => `${process} ${ms.toFixed(2)}`)
      .join(', ');
  log(`CPU ms per order, ${name}: ${listed(cpu)} (Postgres for ${listed(inPostgres)})`);
}
