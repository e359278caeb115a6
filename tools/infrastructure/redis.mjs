import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Child } from './child.mjs';
import { dockerArguments } from './docker.mjs';
import { IMAGES } from './servers.mjs';

/**
 * Returns Redis as a supervised child. It holds nothing that matters: its file only saves time after a restart.
 * @param {{home: string, source: import('./servers.mjs').Source, port: number, password: string,
 *   durable: boolean, log: (line: string) => void}} options
 */
export async function redisChild({ home, source, port, password, durable, log }) {
  const folder = join(home, 'redis');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'redis.conf');
  const inDocker = source.kind === 'docker';
  const lines = [
    inDocker ? 'bind 0.0.0.0' : 'bind 127.0.0.1',
    `port ${inDocker ? 6379 : port}`,
    `requirepass ${password}`,
    `dir ${inDocker ? '/data' : JSON.stringify(folder)}`,
    'maxmemory-policy noeviction',
    'databases 64',
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'daemonize no',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const common = {
    name: 'redis',
    logFile: join(home, 'logs', 'redis.log'),
    readyTimeoutMs: 30_000,
    attempts: 3,
    isReady: () => answers(port, password),
    log,
  };
  if (inDocker) {
    const args = await dockerArguments({
      home,
      name: 'redis',
      port,
      inside: 6379,
      mounts: [[folder, '/data']],
    });
    return new Child({
      ...common,
      command: 'docker',
      args: [...args, IMAGES.redis, 'redis-server', '/data/redis.conf'],
    });
  }
  return new Child({
    ...common,
    command: join(source.folder, 'redis-server'),
    args: [file],
    env: source.env,
  });
}

/** Returns whether the server answers PING, which it does not while it reads its file. */
function answers(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    const end = (ready) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.on('data', (data) => {
      text += data;
      if (text.includes('+PONG')) end(true);
      else if (text.includes('-')) end(false);
    });
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
  });
}
