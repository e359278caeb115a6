import { readEnvironment } from '@foodshed/platform';
import { z } from 'zod';

/** An integer that counts something; limits are per minute. */
const count = z.coerce.number().int().min(1);

const environment = z.object({
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HTTP_HOST: z.string().default('127.0.0.1'),
  /** The folder of the built web application; without it only the API is served. */
  WEB_ROOT: z.string().optional(),
  /** The address people use; cookies are sent by https only when it begins so. */
  PUBLIC_URL: z.url().optional(),
  ENVIRONMENT: z.enum(['production', 'development', 'test']).default('development'),
  RATE_LIMIT_ANONYMOUS: count.optional(),
  RATE_LIMIT_PERSON: count.optional(),
  RATE_LIMIT_API_TOKEN: count.optional(),
  RATE_LIMIT_SIGN_IN: count.optional(),
  /** How many proxies stand before the gateway; their X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
});

/** Requests per minute; on a developer's machine everybody comes from one address. */
const DEFAULT_LIMITS = {
  production: { anonymous: 1_200, person: 2_400, apiToken: 600_000, signIn: 60 },
  development: { anonymous: 600_000, person: 600_000, apiToken: 6_000_000, signIn: 60_000 },
} as const;

export interface RateLimits {
  readonly anonymous: number;
  readonly person: number;
  readonly apiToken: number;
  readonly signIn: number;
}

/** What the gateway is told besides what every service is. */
export class GatewayConfig {
  constructor(
    readonly http: { readonly host: string; readonly port: number },
    readonly webRoot: string | undefined,
    readonly publicUrl: URL | undefined,
    readonly perMinute: RateLimits,
    readonly trustedProxies: number,
  ) {}

  /** True when people come by https: cookies are then never sent without it. */
  get isSecure(): boolean {
    return this.publicUrl?.protocol === 'https:';
  }
}

/** @throws ConfigError naming each variable that is wrong. */
export function loadGatewayConfig(variables = process.env): GatewayConfig {
  const env = readEnvironment(environment, variables);
  const limits = DEFAULT_LIMITS[env.ENVIRONMENT === 'production' ? 'production' : 'development'];
  return new GatewayConfig(
    { host: env.HTTP_HOST, port: env.HTTP_PORT },
    env.WEB_ROOT,
    env.PUBLIC_URL ? new URL(env.PUBLIC_URL) : undefined,
    {
      anonymous: env.RATE_LIMIT_ANONYMOUS ?? limits.anonymous,
      person: env.RATE_LIMIT_PERSON ?? limits.person,
      apiToken: env.RATE_LIMIT_API_TOKEN ?? limits.apiToken,
      signIn: env.RATE_LIMIT_SIGN_IN ?? limits.signIn,
    },
    env.TRUSTED_PROXIES,
  );
}
