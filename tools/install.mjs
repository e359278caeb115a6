import { reportFailure } from './infrastructure/failure.mjs';
import { installPackages } from './start/install.mjs';

/** Installs the packages of the lock file unless they are there. */
installPackages().catch((error) => {
  process.exitCode = reportFailure(error);
});
