import { runningEnvironment } from './environment.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { Fleet } from './system/fleet.mjs';

/** `npm run migrate` brings every service's schema up to date on the servers that run now. */
async function main() {
  const infrastructure = { serviceEnvironment: (service) => runningEnvironment(service), home: '' };
  await new Fleet({ infrastructure }).migrate();
  console.log('Every schema is up to date.');
}

main().catch((error) => {
  process.exitCode = reportFailure(error instanceof Error ? error : new Failure(String(error)));
});
