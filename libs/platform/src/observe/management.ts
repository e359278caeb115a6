import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** A claim about the process, and what is wrong when it does not hold. */
export type Check = () => Promise<string | undefined>;

const CHECK_TIMEOUT_MS = 2_000;

/** The port for those who run the system: /health/live, /health/ready and /metrics. Not for the public. */
export class Management {
  #server?: Server;

  constructor(
    private readonly metrics: Metrics,
    private readonly checks: Readonly<Record<string, Check>>,
  ) {}

  /** Listens; returns the port. */
  async start(host: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      const path = request.url?.split('?', 1)[0];
      void this.#answer(path ?? '').then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** What is not as it should be, by check; empty when the process is ready. */
  async faults(): Promise<Record<string, string>> {
    const results = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => [name, await holds(check)] as const),
    );
    return Object.fromEntries(results.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  async #answer(path: string): Promise<{ status: number; type: string; body: string }> {
    const json = 'application/json';
    if (path === '/health/live') return { status: 200, type: json, body: '{"status":"ok"}' };
    if (path === '/health/ready') {
      const faults = await this.faults();
      const ok = Object.keys(faults).length === 0;
      return {
        status: ok ? 200 : 503,
        type: json,
        body: JSON.stringify({ status: ok ? 'ok' : 'not ready', faults }),
      };
    }
    if (path === '/metrics') {
      const { registry } = this.metrics;
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    }
    return { status: 404, type: json, body: '{"status":"not found"}' };
  }
}

async function holds(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('does not answer'), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
