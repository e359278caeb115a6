import { serviceNames, type ServiceName } from '@foodshed/contracts';
import { z } from 'zod';

/** A number from the environment, where an empty variable counts as unset. */
const port = z.coerce.number().int().min(0).max(65_535);

const ownKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
  kid: z.string().optional(),
});
const publicKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.enum(serviceNames),
});

const jsonOf = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const environment = z
  .object({
    ENVIRONMENT: z.enum(['production', 'development', 'test']).default('development'),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    CLOCK: z.enum(['system', 'simulated']).default('system'),
    DATABASE_URL: z.url().optional(),
    DATABASE_OWNER_URL: z.url().optional(),
    DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(8).default(8),
    NATS_URL: z.string().min(1),
    NATS_USER: z.string().optional(),
    NATS_PASSWORD: z.string().optional(),
    REDIS_URL: z.url().optional(),
    SIGNING_KEY: jsonOf(ownKey),
    VERIFY_KEYS: jsonOf(z.object({ keys: z.array(publicKey).min(1) })),
    MANAGEMENT_PORT: port.default(0),
    MANAGEMENT_HOST: z.string().default('127.0.0.1'),
    VERSION: z.string().default('0.1.0'),
  })
  .refine((env) => !(env.ENVIRONMENT === 'production' && env.CLOCK === 'simulated'), {
    path: ['CLOCK'],
    error: 'simulated time is refused in production',
  });

export type OwnKey = z.output<typeof ownKey>;
export type PublicKey = z.output<typeof publicKey>;

/** What every service process is told from outside; read once, at boot, and nowhere else. */
export interface ServiceConfig {
  readonly name: ServiceName;
  readonly version: string;
  readonly environment: 'production' | 'development' | 'test';
  readonly logLevel: string;
  readonly clock: 'system' | 'simulated';
  readonly database?: { readonly url: string; readonly poolSize: number };
  readonly nats: { readonly url: string; readonly user?: string; readonly password?: string };
  readonly redisUrl?: string;
  readonly signingKey: OwnKey;
  readonly verifyKeys: readonly PublicKey[];
  readonly management: { readonly host: string; readonly port: number };
}

/** Raised at boot; its message is the one sentence that says what to correct. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses environment variables with a schema.
 * @throws ConfigError naming every variable that is missing or wrong, never its value.
 */
export function readEnvironment<T extends z.ZodType>(schema: T, variables = process.env): z.output<T> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not complete. ${faults.join('; ')}`);
}

/** The typed configuration of one service. @throws ConfigError naming each variable that is wrong. */
export function loadConfig(name: ServiceName, variables = process.env): ServiceConfig {
  const env = readEnvironment(environment, variables);
  return {
    name,
    version: env.VERSION,
    environment: env.ENVIRONMENT,
    logLevel: env.LOG_LEVEL,
    clock: env.CLOCK,
    database: env.DATABASE_URL ? { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE } : undefined,
    nats: { url: env.NATS_URL, user: env.NATS_USER, password: env.NATS_PASSWORD },
    redisUrl: env.REDIS_URL,
    signingKey: env.SIGNING_KEY,
    verifyKeys: env.VERIFY_KEYS.keys,
    management: { host: env.MANAGEMENT_HOST, port: env.MANAGEMENT_PORT },
  };
}

const migrationEnvironment = z.object({
  DATABASE_OWNER_URL: z.url(),
  LOG_LEVEL: z.string().default('info'),
});

/** What `main.js migrate` needs: the owner's URL only. @throws ConfigError when it is missing. */
export function loadMigrationConfig(variables = process.env): { ownerUrl: string; logLevel: string } {
  const env = readEnvironment(migrationEnvironment, variables);
  return { ownerUrl: env.DATABASE_OWNER_URL, logLevel: env.LOG_LEVEL };
}
