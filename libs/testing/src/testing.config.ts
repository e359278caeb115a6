import { existsSync } from 'node:fs';

/** What the command that runs jest tells specs: the address of the process that runs servers for them. */
export const testingConfig = {
  /** The address of the host, with its secret. @throws Error outside jest's global setup. */
  hostUrl(): string {
    const url = process.env.FOODSHED_TEST_HOST;
    if (!url)
      throw new Error('Specs that need servers run through jest with the configuration of the repository.');
    return url;
  },
  /** True for the long forms of generated and fault tests (`npm run test:long`). */
  isLong: process.env.LONG === '1',
  /** The browser for page tests, when one was found. */
  chromium: process.env.CHROME_BIN || (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : null),
  isContinuousIntegration: process.env.CI === 'true',
  /** The number of this jest worker, from 1. */
  worker: Number(process.env.JEST_WORKER_ID ?? '1'),
};
