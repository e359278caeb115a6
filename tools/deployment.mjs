import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceEnvironment } from './infrastructure.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { natsConfiguration } from './infrastructure/nats.mjs';
import { prepareDatabase } from './infrastructure/roles.mjs';
import { readSecrets, SERVICES, TOOLS_USER } from './infrastructure/secrets.mjs';
import { Fleet } from './system/fleet.mjs';

/** Where the containers find their secrets; each sees only its own folder, `all` is for the steps below. */
const FOLDER = process.env.FOODSHED_SECRETS ?? '/run/foodshed';
const GATEWAY_PORT = '4100';
const MANAGEMENT_PORT = '9100';

/** The servers by the names that they have inside the network of the containers. */
function serverUrls(secrets) {
  return {
    superuserUrl: `postgresql://postgres:${secrets.postgres.superuser}@postgres:5432/postgres`,
    nats: 'nats://nats:4222',
    redis: `redis://:${secrets.redis}@redis:6379`,
  };
}

/** Makes passwords and keys on first use, and writes to each container's folder what it is told. */
function writeSecrets() {
  const write = (name, file, text) => {
    mkdirSync(join(FOLDER, name), { recursive: true });
    // The folder is a volume that only this container mounts, whatever user it runs as.
    writeFileSync(join(FOLDER, name, file), text, { mode: 0o444 });
  };
  mkdirSync(join(FOLDER, 'all'), { recursive: true });
  const secrets = readSecrets(join(FOLDER, 'all'));
  write('postgres', 'password', secrets.postgres.superuser);
  const places = { listen: '0.0.0.0:4222', monitor: '0.0.0.0:8222', storeFolder: '/data' };
  write('nats', 'nats.conf', natsConfiguration(secrets, places));
  const redis = [
    'bind 0.0.0.0',
    `requirepass ${secrets.redis}`,
    'dir /data',
    'maxmemory-policy noeviction',
    'appendonly yes',
  ];
  write('redis', 'redis.conf', `${redis.join('\n')}\n`);
  write('redis', 'password', secrets.redis);
  for (const service of SERVICES) write(service, 'environment', environmentFile(service, secrets));
}

function environmentFile(service, secrets) {
  // The owner's URL is for migrations, which are a step of their own.
  const { DATABASE_OWNER_URL: _owner, ...told } = serviceEnvironment(service, {
    secrets,
    urls: serverUrls(secrets),
  });
  const environment = {
    ...told,
    MANAGEMENT_PORT,
    ...(service === 'gateway'
      ? { HTTP_HOST: '0.0.0.0', HTTP_PORT: GATEWAY_PORT, WEB_ROOT: '/app/apps/web/dist' }
      : {}),
  };
  return Object.entries(environment)
    .map(([key, value]) => `${key}='${value}'\n`)
    .join('');
}

/** Makes roles and schemas, brings them up to date, and names the first operator. */
async function prepare() {
  const secrets = readSecrets(join(FOLDER, 'all'));
  const urls = serverUrls(secrets);
  await prepareDatabase({ superuserUrl: urls.superuserUrl, secrets });
  const infrastructure = {
    secrets,
    home: FOLDER,
    serviceEnvironment: (name) => serviceEnvironment(name, { secrets, urls }),
  };
  const fleet = new Fleet({ infrastructure });
  await fleet.migrate();
  const { email } = await fleet.nameOperator();
  console.log(
    `Every schema is up to date; the operator is ${email}, with the password in ${FOLDER}/all/secrets.json.`,
  );
}

/** Loads the demo network into the running containers, unless it is there. */
async function demo() {
  const { isDemoLoaded, loadDemo, signInLines } = await import('./start/demo.mjs');
  const home = join(FOLDER, 'all');
  const secrets = readSecrets(home);
  const url = 'http://gateway:4100';
  if (!isDemoLoaded(home)) {
    const { email, password } = secrets.operator;
    const tools = serviceEnvironment(TOOLS_USER, { secrets, urls: serverUrls(secrets) });
    const environment = { ...tools, OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password };
    await loadDemo({ home, url, environment, adopt: () => undefined });
  }
  const outside = process.env.PUBLIC_URL ?? url;
  console.log(signInLines(home, outside).join('\n'));
  console.log(`Foodshed is ready: ${outside}`);
}

const commands = { secrets: writeSecrets, prepare, demo };

async function main(name) {
  const command = commands[name];
  if (!command) throw new Failure(`Name a step: ${Object.keys(commands).join(', ')}.`);
  await command();
}

main(process.argv[2]).catch((error) => {
  process.exitCode = reportFailure(error);
});
