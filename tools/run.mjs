import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runningEnvironment } from './environment.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { SERVICES } from './infrastructure/secrets.mjs';
import { programOf } from './system/fleet.mjs';

/** `node tools/run.mjs ledger verify` runs a command of a built service on the servers that run now. */
function main([service, ...args]) {
  if (!SERVICES.includes(service)) throw new Failure(`Name a service: ${SERVICES.join(', ')}.`);
  if (!existsSync(programOf(service)))
    throw new Failure(`${service} is not built: run \`npm run build\` first.`);
  const env = { ...process.env, LOG_LEVEL: 'warn', ...runningEnvironment(service) };
  const child = spawn(process.execPath, ['--enable-source-maps', programOf(service), ...args], {
    env,
    stdio: 'inherit',
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error);
}
