import { createSocket } from 'node:dgram';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedMessage {
  readonly id: string;
  readonly path: string;
  readonly signatures: number;
  readonly body: { type: string; timestamp: string; instanceId: string; data: Record<string, unknown> };
}

/** A receiver of webhooks as its author would write it: it takes what the scheme's own library verifies. */
export class Receiver {
  /** What was verified, in the order in which it came. */
  readonly messages: ReceivedMessage[] = [];
  readonly refusals: string[] = [];
  secrets: string[] = [];
  /** Answers instead of the receiver, or lets it do so by returning false. */
  before: (response: ServerResponse, path: string) => boolean = () => false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '/';
        if (this.before(response, path)) return;
        const status = this.#take(Buffer.concat(chunks).toString(), request.headers, path) ? 204 : 401;
        response.writeHead(status).end();
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(body: string, headers: IncomingHttpHeaders, path: string): boolean {
    for (const secret of this.secrets) {
      try {
        const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
        const id = String(headers['webhook-id']);
        const signatures = String(headers['webhook-signature']).split(' ').length;
        this.messages.push({ id, path, signatures, body: verified as ReceivedMessage['body'] });
        return true;
      } catch (error) {
        this.refusals.push(String(error));
      }
    }
    return false;
  }
}

/** A name server on the loopback that says of each name what it is told to, one answer after the other. */
export class NameServer {
  readonly #socket = createSocket('udp4');
  /** The IPv4 addresses of a name; a function may answer otherwise each time. */
  readonly names = new Map<string, () => string[]>();
  asked = 0;

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.#socket.on('message', (query, from) => {
      server.#socket.send(server.#answer(query), from.port, from.address);
    });
    await new Promise<void>((resolve) => server.#socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const question = query.subarray(12, at + 5);
    const isIpv4 = query.readUInt16BE(at + 1) === 1;
    if (isIpv4) this.asked++;
    const addresses = isIpv4 ? (this.names.get(labels.join('.').toLowerCase())?.() ?? []) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((address) =>
      // A pointer to the question's name, A, IN, no time to live, four bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    );
    return Buffer.concat([header, question, ...records]);
  }
}
