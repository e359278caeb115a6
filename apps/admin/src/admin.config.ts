import { hkdfSync } from 'node:crypto';
import { loadConfig, readEnvironment } from '@foodshed/platform';
import { z } from 'zod';

/** How mails leave, and what they say of where they come from. */
export interface MailSettings {
  /** The address that people use; links in mails begin with it. */
  readonly publicUrl: string;
  readonly from: string;
  /** Such as `smtp://user:password@host:587`; without it mails are files in `folder`. */
  readonly smtpUrl?: string;
  readonly folder?: string;
}

const environment = z.object({
  CLOCK: z.enum(['system', 'simulated']).default('system'),
  PUBLIC_URL: z.url().default('http://127.0.0.1:4100'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FOLDER: z.string().optional(),
  MAIL_FROM: z.string().max(200).optional(),
});

/** What admin is told from outside beside what every service is told. */
export class AdminConfig {
  constructor(
    readonly isClockSimulated: boolean,
    readonly mail: MailSettings,
  ) {}

  /** @throws ConfigError for values that are not among the known ones */
  static read(variables = process.env): AdminConfig {
    const env = readEnvironment(environment, variables);
    const from = env.MAIL_FROM ?? `Foodshed <no-reply@${new URL(env.PUBLIC_URL).hostname}>`;
    const mail = { publicUrl: env.PUBLIC_URL, from, smtpUrl: env.SMTP_URL, folder: env.MAIL_FOLDER };
    return new AdminConfig(env.CLOCK === 'simulated', mail);
  }
}

const webhookEnvironment = z
  .object({
    ENVIRONMENT: z.string().default('development'),
    /** Set it when the signing key is to change: secrets of webhooks are sealed with a key made of it. */
    WEBHOOKS_SECRET: z.string().min(32).optional(),
    SIGNING_KEY: z.string().min(1),
    WEBHOOK_TARGETS: z.enum(['public', 'local']).default('public'),
  })
  .refine((env) => !(env.ENVIRONMENT === 'production' && env.WEBHOOK_TARGETS === 'local'), {
    path: ['WEBHOOK_TARGETS'],
    error: 'webhooks to this machine itself are refused in production',
  });

/** How secrets of webhooks are sealed, and where webhooks may go. */
export class WebhookSettings {
  constructor(
    readonly secretKey: Buffer,
    /** `local` lets them also go to the machine itself, without TLS and on any port: for development and tests. */
    readonly targets: 'public' | 'local',
    /** Name servers to ask instead of the machine's, for tests. */
    readonly dnsServers?: readonly string[],
  ) {}

  /** An independent key from one secret. */
  static keyOf(secret: string): Buffer {
    return Buffer.from(hkdfSync('sha256', secret, 'foodshed admin', 'webhooks', 32));
  }

  /** From the environment: `WEBHOOKS_SECRET`, or else the service's own signing key. @throws ConfigError */
  static load(variables = process.env): WebhookSettings {
    const env = readEnvironment(webhookEnvironment, variables);
    return new WebhookSettings(
      WebhookSettings.keyOf(env.WEBHOOKS_SECRET ?? env.SIGNING_KEY),
      env.WEBHOOK_TARGETS,
    );
  }
}

/** Where a command of admin finds Postgres. @throws ConfigError naming what is missing */
export function databaseUrl(): string {
  return readEnvironment(z.object({ DATABASE_URL: z.url() })).DATABASE_URL;
}

/** The first operator. @throws ConfigError naming what is missing or wrong */
export function firstOperator(): { email: string; password: string; displayName: string } {
  const env = readEnvironment(
    z.object({
      OPERATOR_EMAIL: z.email().max(254),
      OPERATOR_PASSWORD: z.string().min(10).max(200),
      OPERATOR_NAME: z.string().min(1).max(120).default('Operator'),
    }),
  );
  return {
    email: env.OPERATOR_EMAIL.toLowerCase(),
    password: env.OPERATOR_PASSWORD,
    displayName: env.OPERATOR_NAME,
  };
}

/** The environment of the running service, for commands that need NATS too. @throws ConfigError */
export const serviceConfig = () => loadConfig('admin');
