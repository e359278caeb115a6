import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, reportFailure } from '../infrastructure/failure.mjs';
import { freePort, isFree } from '../infrastructure/ports.mjs';
import { endRunning } from '../infrastructure/run.mjs';
import {
  forgetRunning,
  homeFolder,
  noteRunning,
  readJson,
  readRunning,
  writeJson,
} from '../infrastructure/state.mjs';
import { removeHome, startInfrastructure } from '../infrastructure.mjs';
import { Fleet } from '../system/fleet.mjs';
import { build, builtStamp } from './build.mjs';
import { isDemoHalfLoaded, isDemoLoaded, loadDemo, signInLines } from './demo.mjs';
import { installPackages } from './install.mjs';
import { choosePort, requireDiskSpace } from './machine.mjs';
import { step } from './progress.mjs';
import { ServiceLines } from './terminal.mjs';

const OPTIONS = new Set(['--fresh', '--docker']);

/** What is running and must be stopped, in the order in which it was started. */
const running = [];
let stopping;

/** Starts the whole system and keeps it running until Ctrl-C. */
export async function startEverything(args) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void endBySignal());
  // A closed terminal must not keep the services from being stopped in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const unknown = args.find((argument) => !OPTIONS.has(argument));
    if (unknown) throw new Failure(`${unknown} is not an option: use --fresh, --docker, or none.`);
    await start({ isFresh: args.includes('--fresh'), docker: args.includes('--docker') });
  } catch (error) {
    if (stopping) return;
    await stopAll();
    process.exit(reportFailure(error));
  }
}

async function start({ isFresh, docker }) {
  const home = homeFolder();
  const already = readRunning(home);
  if (already) {
    const where = already.url ? ` at ${already.url}` : '';
    throw new Failure(
      `Foodshed already runs here${where}: use that one, or stop it with Ctrl-C in its terminal first.`,
    );
  }
  if (isFresh && process.env.FOODSHED_POSTGRES_URL) {
    throw new Failure(
      'FOODSHED_POSTGRES_URL names a server of your own: drop its database foodshed there, and start without --fresh.',
    );
  }
  if (isFresh || isDemoHalfLoaded(home)) {
    if (!isFresh)
      console.log('The last start was interrupted while it loaded the demo network; beginning anew.');
    await removeHome(home, console.log);
  }
  requireDiskSpace(home, { isFirst: !existsSync(join(home, 'demo.json')) });
  const held = await choosePort();
  await installPackages();
  await build();
  const infrastructure = await step('Starting servers', (current) =>
    startInfrastructure({
      home,
      docker,
      log: (line) => current.line(line),
      adopt: (part) => running.push(part),
    }),
  );
  const lines = new ServiceLines();
  const environment = {
    CLOCK: process.env.CLOCK ?? 'simulated',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    // Whoever tries it out has their receiver on this machine.
    WEBHOOK_TARGETS: 'local',
  };
  const fleet = new Fleet({
    infrastructure,
    environment,
    httpPort: held.port,
    onLine: (service, line) => lines.print(service, line),
    log: (line) => console.log(line),
  });
  running.push(fleet);
  await migrate(fleet, home);
  await step('Starting services', () => startServices(fleet, held));
  const url = fleet.baseUrls[0];
  noteRunning(home, { url, managementUrls: fleet.managementUrls });
  if (!isDemoLoaded(home)) {
    lines.onlyTrouble = true;
    console.log('Loading the demo network …');
    const { email, password } = await fleet.nameOperator();
    const environment = {
      ...infrastructure.serviceEnvironment('tools'),
      OPERATOR_EMAIL: email,
      OPERATOR_PASSWORD: password,
    };
    await loadDemo({ home, url, environment, adopt: (part) => running.push(part) });
    lines.onlyTrouble = false;
  }
  sayReady(home, url);
}

/** Brings the schemas up to date, unless this very build has done so on this data. */
async function migrate(fleet, home) {
  const file = join(home, 'migrated.json');
  const stamp = builtStamp();
  if (readJson(file)?.stamp === stamp) return;
  await step('Bringing the database up to date', () => fleet.migrate());
  writeJson(file, { stamp });
}

/** Lets go of the held port and starts the services; whoever takes it in between makes the gateway use another. */
async function startServices(fleet, held) {
  await held.release();
  try {
    await fleet.start();
  } catch (error) {
    if (process.env.PORT || stopping || (await isFree(held.port))) throw error;
    fleet.moveGateway(await freePort());
    await fleet.start();
  }
}

function sayReady(home, url) {
  const signIns = signInLines(home, url);
  if (signIns.length > 0) console.log(`\nSign in as (e-mail, password, page):\n${signIns.join('\n')}`);
  console.log(`\nAPI docs: ${url}/api/docs`);
  console.log(`Logs: ${join(home, 'logs')}. Ctrl-C stops everything; npm start -- --fresh begins anew.\n`);
  console.log(`Foodshed is ready: ${url}`);
}

async function endBySignal() {
  if (stopping) return;
  console.log('\nStopping …');
  await stopAll();
  console.log('Stopped.');
  process.exit(0);
}

/** Stops what runs, last started first, and returns when no process is left. */
function stopAll() {
  stopping ??= (async () => {
    endRunning();
    for (const part of running.splice(0).reverse()) await part.stop();
    forgetRunning(homeFolder());
  })();
  return stopping;
}
