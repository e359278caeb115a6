import { createSocket } from 'node:dgram';

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
