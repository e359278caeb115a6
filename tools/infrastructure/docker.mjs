import { createHash } from 'node:crypto';
import { run } from './run.mjs';

/**
 * Returns the arguments of `docker run` (without the image) for one server of this home, after removing
 * a container of the same name that an interrupted command left behind.
 * @param {{home: string, name: string, port: number, inside: number, mounts: [string, string][], env?: Record<string, string>,
 *   ports?: [number, number][]}} options
 */
export async function dockerArguments({ home, name, port, inside, mounts, env = {}, ports = [] }) {
  const container = `foodshed-${createHash('sha256').update(home).digest('hex').slice(0, 8)}-${name}`;
  await run('docker', ['rm', '--force', container]);
  return [
    'run',
    '--rm',
    '--name',
    container,
    ...[[port, inside], ...ports].flatMap(([outside, within]) => ['-p', `127.0.0.1:${outside}:${within}`]),
    ...mounts.flatMap(([folder, within]) => ['-v', `${folder}:${within}`]),
    ...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
  ];
}
