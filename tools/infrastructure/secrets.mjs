import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Services with a schema of their own, in the order in which they are migrated. */
export const DATABASE_SERVICES = [
  'admin',
  'hubs',
  'orders',
  'commission',
  'ledger',
  'developers',
  'contributions',
];
/** Every service that speaks to the others. */
export const SERVICES = [...DATABASE_SERVICES, 'gateway'];
/** The NATS user of command line tools: the only one that may purge streams and replay dead letters. */
export const TOOLS_USER = 'tools';

/**
 * Returns the passwords and signing keys of this data directory; made on first use and kept in a file
 * that only its owner can read.
 */
export function readSecrets(home) {
  const file = join(home, 'secrets.json');
  const secrets = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const before = JSON.stringify(secrets);
  completeSecrets(secrets);
  if (JSON.stringify(secrets) !== before) {
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

function completeSecrets(secrets) {
  secrets.postgres ??= {};
  secrets.nats ??= {};
  secrets.keys ??= {};
  secrets.redis ??= password();
  secrets.operator ??= { email: 'operator@foodshed.example', password: password() };
  secrets.postgres.superuser ??= password();
  for (const service of DATABASE_SERVICES) {
    secrets.postgres[`${service}_owner`] ??= password();
    secrets.postgres[`${service}_app`] ??= password();
  }
  for (const user of [...SERVICES, TOOLS_USER]) secrets.nats[user] ??= password();
  for (const service of SERVICES) secrets.keys[service] ??= signingKey(service);
}

/** Returns a service's private Ed25519 key as a JWK whose `kid` is the service's name. */
function signingKey(service) {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: service, alg: 'EdDSA', use: 'sig' };
}

/** Returns the public keys of all services as a JWKS. */
export function publicKeys(secrets) {
  return {
    keys: Object.values(secrets.keys).map((key) => {
      const { d: _private, ...open } = key;
      return open;
    }),
  };
}

/** Returns a random password of letters, digits, - and _, safe in a URL and in a configuration file. */
export function password() {
  return randomBytes(24).toString('base64url');
}
