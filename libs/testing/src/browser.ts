import { testingConfig } from './testing.config.js';

/**
 * Like `describe`, for specs that need a browser; `body` gets the path of Chromium. Where none could be had the
 * specs are skipped, as `npm test` says in a line of its own; under CI=true that is a failure instead.
 */
export function describeInBrowser(title: string, body: (chromium: string) => void): void {
  const { chromium, isContinuousIntegration } = testingConfig;
  if (chromium) {
    describe(title, () => body(chromium));
  } else if (isContinuousIntegration) {
    it(`${title}: needs Chromium`, () => {
      throw new Error('Chromium was not found and could not be fetched; install it or set CHROME_BIN.');
    });
  } else {
    describe.skip(`${title} (skipped: no Chromium on this machine)`, () => body(''));
  }
}
