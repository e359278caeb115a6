import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebhookSettings } from '../admin.config.js';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Secrets of webhooks. A signature needs the secret itself, so the database has it sealed (AES-256-GCM), with a key
 * that it does not have, and bound to its webhook.
 */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly settings: WebhookSettings) {}

  /** A new secret, as receivers are given it. */
  make(): string {
    return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  }

  seal(secret: string, webhookId: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.settings.secretKey, nonce).setAAD(
      Buffer.from(webhookId),
    );
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when it was sealed with another key, or for another webhook */
  open(sealed: Buffer, webhookId: string): string {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.settings.secretKey, nonce);
    decipher.setAAD(Buffer.from(webhookId));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const opened = [decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  }
}
