import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  readonly id: string;
  readonly path: string;
  readonly signatures: number;
  readonly body: { type: string; timestamp: string; instanceId: string; data: Record<string, unknown> };
}

/** A receiver of webhooks as its author would write it: it takes what the scheme's own library verifies. */
export class WebhookReceiver {
  /** What was verified, in the order in which it came. */
  readonly messages: ReceivedWebhook[] = [];
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

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
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
        this.messages.push({ id, path, signatures, body: verified as ReceivedWebhook['body'] });
        return true;
      } catch (error) {
        this.refusals.push(String(error));
      }
    }
    return false;
  }
}
