import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DeliveryReason } from '@foodshed/contracts';
import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { MOST_PAYLOAD_BYTES, reasonOf, retryAfterMs, type Attempt } from './delivery.rules.js';
import type { TakenDelivery } from './delivery.store.js';
import { WebhookSecrets } from './secret.service.js';
import { AddressNotAllowed, WebhookTargets } from './target.service.js';

/** From the lookup of the name to the end of the answer. */
const TIMEOUT_MS = 10_000;
/** Beyond this a receiver's answer is cut off; nothing of it is looked at but its status. */
const MOST_ANSWER_BYTES = 64 * 1_024;

/** Sends one signed message to one receiver, once. */
@Injectable()
export class WebhookPost {
  constructor(
    private readonly targets: WebhookTargets,
    private readonly secrets: WebhookSecrets,
  ) {}

  /** What came of it; it never throws. */
  async send(delivery: TakenDelivery): Promise<Attempt> {
    if (Buffer.byteLength(delivery.payload) > MOST_PAYLOAD_BYTES) return failed('too-large');
    // Receivers compare it with their own clocks, so it is the real time also where time is simulated.
    const signedAt = new Date();
    const signature = this.#signature(delivery, signedAt);
    if (signature === undefined) return failed('secret-unreadable');
    try {
      const { statusCode = 0, headers } = await this.#post(delivery, {
        'webhook-id': delivery.messageId,
        'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
        'webhook-signature': signature,
      });
      return {
        status: statusCode,
        reason: reasonOf(statusCode),
        retryAfterMs: retryAfterMs(headers['retry-after'], signedAt),
      };
    } catch (error) {
      return failed(reasonOfError(error));
    }
  }

  /** One signature, and one of each secret that was replaced lately; undefined when a secret cannot be read. */
  #signature({ sealedSecrets, webhookId, messageId, payload }: TakenDelivery, at: Date): string | undefined {
    try {
      return sealedSecrets
        .map((sealed) => new Webhook(this.secrets.open(sealed, webhookId)).sign(messageId, at, payload))
        .join(' ');
    } catch {
      return undefined;
    }
  }

  async #post(delivery: TakenDelivery, headers: Record<string, string>): Promise<IncomingMessage> {
    const url = new URL(delivery.url);
    this.targets.requireAllowed(url);
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          method: 'POST',
          // A connection of its own for each, so that each is checked; none is kept for a name that may move.
          agent: false,
          lookup: this.targets.lookup,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          maxHeaderSize: 16 * 1_024,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(delivery.payload),
            'user-agent': 'Foodshed-Webhooks/1',
          },
        },
        (response) => {
          discard(response);
          resolve(response);
        },
      );
      // A receiver that wants to speak another protocol gets nothing more; without a listener nothing would be told at all.
      sent.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response);
      });
      sent.on('error', reject);
      sent.on('close', () => reject(new Error('The connection ended without an answer.')));
      sent.end(delivery.payload);
    });
  }
}

function discard(response: IncomingMessage): void {
  let read = 0;
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > MOST_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}

function failed(reason: DeliveryReason): Attempt {
  return { status: null, reason, retryAfterMs: null };
}

/** The kind of a failure. Its message may hold what a receiver or a name server wrote, and is not kept. */
function reasonOfError(error: unknown): DeliveryReason {
  if (error instanceof AddressNotAllowed) return 'address-not-allowed';
  const { name = '', code = '' } = error as { name?: string; code?: string };
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ETIMEDOUT') return 'timed-out';
  if (/^(?:ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|EBADNAME|ETIMEOUT)$/.test(code)) return 'name-not-found';
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)) return 'certificate-refused';
  return 'not-reachable';
}
