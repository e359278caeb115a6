import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.mjs';
import { dockerArguments } from './docker.mjs';
import { SERVICES, TOOLS_USER } from './secrets.mjs';
import { IMAGES, writesSynchronously } from './servers.mjs';

/** The bucket with the offset of simulated time; only the command line tools and admin may move it. */
const CLOCK_BUCKET = 'foodshed-clock';

/**
 * Returns NATS with JetStream as a supervised child: every acknowledged message is on the disk.
 * @param {{home: string, source: import('./servers.mjs').Source, port: number, monitorPort: number,
 *   secrets: object, log: (line: string) => void}} options
 */
export async function natsChild({ home, source, port, monitorPort, secrets, log }) {
  const folder = join(home, 'nats');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'nats.conf');
  const inDocker = source.kind === 'docker';
  const configuration = natsConfiguration(secrets, {
    listen: inDocker ? '0.0.0.0:4222' : `127.0.0.1:${port}`,
    monitor: inDocker ? '0.0.0.0:8222' : `127.0.0.1:${monitorPort}`,
    storeFolder: inDocker ? '/data/store' : join(folder, 'store'),
    synchronous: writesSynchronously(source),
  });
  writeFileSync(file, configuration, { mode: 0o600 });
  const common = {
    name: 'nats',
    logFile: join(home, 'logs', 'nats.log'),
    readyTimeoutMs: 30_000,
    attempts: 3,
    isReady: async () => (await fetch(`http://127.0.0.1:${monitorPort}/healthz`)).ok,
    log,
  };
  if (inDocker) {
    const mounts = [[folder, '/data']];
    const args = await dockerArguments({
      home,
      name: 'nats',
      port,
      inside: 4222,
      ports: [[monitorPort, 8222]],
      mounts,
    });
    return new Child({ ...common, command: 'docker', args: [...args, IMAGES.nats, '-c', '/data/nats.conf'] });
  }
  return new Child({
    ...common,
    command: join(source.folder, 'nats-server'),
    args: ['-c', file],
    env: source.env,
  });
}

/**
 * Returns the server's configuration: one user per service, who may answer its own subjects, ask the
 * others, and publish its own events and nobody else's.
 * @param {{nats: Record<string, string>}} secrets
 * @param {{listen: string, monitor: string, storeFolder: string, synchronous?: boolean}} options
 */
export function natsConfiguration(secrets, { listen, monitor, storeFolder, synchronous = true }) {
  const users = SERVICES.map((service) => user(service, secrets.nats[service], permissions(service)));
  users.push(user(TOOLS_USER, secrets.nats[TOOLS_USER], { publish: ['>'], subscribe: ['>'] }));
  return `server_name: foodshed
listen: "${listen}"
http: "${monitor}"
max_payload: 8MB
jetstream {
  store_dir: "${storeFolder}"
${synchronous ? '  sync_interval: always\n' : ''}  max_memory_store: 256MB
  max_file_store: 8GB
}
authorization {
  users: [
${users.join('\n')}
  ]
}
`;
}

/** Returns what a service may publish and subscribe to. */
export function permissions(service) {
  const streams = [...SERVICES.map((name) => name.toUpperCase()), 'DEAD_LETTERS', `KV_${CLOCK_BUCKET}`];
  return {
    publish: [
      '*.*.v1', // requests; the service that answers checks the caller's token
      `${service}.events.>`,
      `${service}.broadcast.>`,
      'dead-letters.>',
      '$JS.ACK.>',
      '$JS.FC.>',
      '$JS.API.INFO',
      '$JS.API.CONSUMER.>',
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      '$JS.API.STREAM.INFO.*',
      '$JS.API.STREAM.MSG.GET.*',
      '$JS.API.DIRECT.GET.>',
      // Whoever listens first makes a stream; only its own service may change it, and only tools may empty it.
      ...streams.map((stream) => `$JS.API.STREAM.CREATE.${stream}`),
      `$JS.API.STREAM.UPDATE.${service.toUpperCase()}`,
      // An operator puts a dead letter back by asking the service that the event is of; what is left of it then goes.
      ...(service === 'admin' ? [`$KV.${CLOCK_BUCKET}.>`, '$JS.API.STREAM.MSG.DELETE.DEAD_LETTERS'] : []),
    ],
    // What services tell everybody at once concerns those who remember callers: the edge.
    subscribe: [`${service}.>`, `_INBOX_${service}.>`, ...(service === 'gateway' ? ['*.broadcast.>'] : [])],
  };
}

function user(name, password, { publish, subscribe }) {
  const list = (subjects) => `[${subjects.map((subject) => `"${subject}"`).join(', ')}]`;
  return `    {
      user: "${name}", password: "${password}"
      permissions {
        publish: ${list(publish)}
        subscribe: ${list(subscribe)}
        allow_responses: { max: 1, expires: "2m" }
      }
    }`;
}
