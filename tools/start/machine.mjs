import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { Failure } from '../infrastructure/failure.mjs';
import { freePort } from '../infrastructure/ports.mjs';

const FIRST_START_BYTES = 2_000_000_000;
const LATER_START_BYTES = 200_000_000;
export const USUAL_PORT = 4100;

/** @throws Failure when the disk has too little room for a first or a later start */
export function requireDiskSpace(home, { isFirst }) {
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < (isFirst ? FIRST_START_BYTES : LATER_START_BYTES)) {
    const needed = isFirst ? '2 GB' : '200 MB';
    throw new Failure(
      `The disk is full: free some space (about ${needed} are needed) and run the command again.`,
    );
  }
}

/**
 * Returns the port of the web application: PORT, else the usual one, else any. It is held until `release`, so that
 * a clone that starts at the same moment takes another.
 * @returns {Promise<{port: number, release: () => Promise<void>}>}
 * @throws Failure when PORT is taken
 */
export async function choosePort() {
  const asked = process.env.PORT;
  if (!asked) return (await hold(USUAL_PORT)) ?? hold(await freePort());
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Failure(`PORT=${asked} is not a port: set it to a number from 1 to 65535, or leave it unset.`);
  }
  const held = await hold(port);
  if (held) return held;
  throw new Failure(`Port ${port} is taken: free it, or leave PORT unset so that a free one is chosen.`);
}

function hold(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      resolve({ port, release: () => new Promise((released) => server.close(() => released())) });
    });
    server.unref();
  });
}
