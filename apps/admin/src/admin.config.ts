import { loadConfig, readEnvironment } from '@foodshed/platform';
import { z } from 'zod';

/** What admin is told from outside beside what every service is told. */
export class AdminConfig {
  constructor(readonly isClockSimulated: boolean) {}

  /** @throws ConfigError for values that are not among the known ones */
  static read(): AdminConfig {
    const env = readEnvironment(z.object({ CLOCK: z.enum(['system', 'simulated']).default('system') }));
    return new AdminConfig(env.CLOCK === 'simulated');
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
