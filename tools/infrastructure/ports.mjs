import { createServer } from 'node:net';

/** Ports handed out by this process that may not be listened on yet. */
const handedOut = new Set();

/** Returns `preferred` if it is free on 127.0.0.1 and was not handed out before, else any free port. */
export async function freePort(preferred) {
  if (preferred && !handedOut.has(preferred) && (await isFree(preferred))) {
    handedOut.add(preferred);
    return preferred;
  }
  for (;;) {
    const port = await listenOnce(0);
    if (port && !handedOut.has(port)) {
      handedOut.add(port);
      return port;
    }
  }
}

/** Returns whether nothing listens on the port of 127.0.0.1. */
export async function isFree(port) {
  return (await listenOnce(port)) === port;
}

function listenOnce(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const chosen = server.address().port;
      server.close(() => resolve(chosen));
    });
  });
}
