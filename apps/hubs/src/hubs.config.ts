import { hkdfSync } from 'node:crypto';
import { readEnvironment } from '@foodshed/platform';
import { z } from 'zod';

const environment = z.object({
  /** Set it when the signing key is to change: hashed contacts and referral codes depend on it. */
  HUBS_SECRET: z.string().min(32).optional(),
  SIGNING_KEY: z.string().min(1),
});

/** Keys of the keyed hashes; they are never in the database. */
export class HubsKeys {
  private constructor(
    readonly contacts: Buffer,
    readonly codes: Buffer,
  ) {}

  /** Independent keys from one secret. */
  static from(secret: string): HubsKeys {
    const key = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, 'foodshed hubs', purpose, 32));
    return new HubsKeys(key('contacts'), key('referral codes'));
  }

  /** From the environment: `HUBS_SECRET`, or else the service's own signing key. @throws ConfigError */
  static load(variables = process.env): HubsKeys {
    const { HUBS_SECRET, SIGNING_KEY } = readEnvironment(environment, variables);
    return HubsKeys.from(HUBS_SECRET ?? SIGNING_KEY);
  }
}
