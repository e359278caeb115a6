import { reportFailure } from './infrastructure/failure.mjs';
import { build } from './start/build.mjs';
import { installPackages } from './start/install.mjs';

/** `npm run build` compiles the services and bundles the web application, unless nothing has changed. */
async function main() {
  await installPackages();
  if (!(await build())) console.log('Nothing has changed since the last build.');
}

main().catch((error) => {
  process.exitCode = reportFailure(error);
});
