import { readEnvironment } from '@foodshed/platform';
import { z } from 'zod';

/** Where the books are, for commands that only read them. @throws ConfigError */
export function databaseUrl(variables = process.env): string {
  return readEnvironment(z.object({ DATABASE_URL: z.url() }), variables).DATABASE_URL;
}
