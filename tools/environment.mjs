import { join } from 'node:path';
import { serverUrls, serviceEnvironment } from './infrastructure.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { readSecrets, SERVICES, TOOLS_USER } from './infrastructure/secrets.mjs';
import { homeFolder, readJson, readRunning } from './infrastructure/state.mjs';

/**
 * Returns the environment of a service (or of `tools`) on the servers that run now on the data folder.
 * @throws Failure when nothing runs
 */
export function runningEnvironment(name, home = homeFolder()) {
  if (!readRunning(home)) {
    throw new Failure(
      'Nothing is running here: run `npm start` or `npm run infrastructure` in another terminal first.',
    );
  }
  const secrets = readSecrets(home);
  const urls = serverUrls(readJson(join(home, 'ports.json')), secrets);
  return serviceEnvironment(name, { secrets, urls });
}

/** `node tools/environment.mjs orders` prints lines for `eval` in a shell. */
function main() {
  const name = process.argv[2];
  if (![...SERVICES, TOOLS_USER].includes(name)) {
    throw new Failure(`Name a service: ${[...SERVICES, TOOLS_USER].join(', ')}.`);
  }
  for (const [key, value] of Object.entries(runningEnvironment(name)))
    console.log(`export ${key}='${value}'`);
}

if (import.meta.filename === process.argv[1]) {
  try {
    main();
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}
