import type { INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ConfigError,
  loadConfig,
  loadMigrationConfig,
  type ServiceConfig,
} from '../config/service.config.js';
import { migrateDatabase } from '../database/migrations.js';
import { createLogger, NestLog } from '../observe/logger.js';
import { RpcProblemFilter } from '../rpc/rpc.filter.js';
import type { RpcServer } from '../rpc/rpc.server.js';
import { PlatformModule } from './platform.module.js';
import { Runtime } from './runtime.js';
import type { RunningService, ServiceOptions } from './service-options.js';

const SHUTDOWN_LIMIT_MS = 9_000;

/** Starts a service inside this process. @throws when Postgres cannot be reached or the wiring is wrong. */
export async function startService(options: ServiceOptions, config: ServiceConfig): Promise<RunningService> {
  const runtime = await Runtime.open(options, config);
  try {
    const root = {
      module: class Root {},
      imports: [PlatformModule.of(runtime.parts), options.module],
    };
    const log = new NestLog(runtime.log);
    await runtime.prepare();
    const app = await (options.createApp ?? createMicroservice)(root, runtime.rpcServer, log);
    await runtime.start(app);
    return {
      app,
      managementPort: runtime.managementPort,
      close: () => runtime.stop(app),
    };
  } catch (error) {
    await runtime.abandon();
    throw error;
  }
}

async function createMicroservice(root: object, server: RpcServer, log: NestLog): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice(root as Type, {
    strategy: server,
    logger: log,
    abortOnError: false,
  });
  app.useGlobalFilters(new RpcProblemFilter());
  await app.listen();
  return app;
}

/**
 * The whole of a service's main.ts: `node main.js` serves until SIGTERM or SIGINT, `node main.js migrate` brings
 * the schema up to date and ends. A wrong environment ends the process with one sentence.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  try {
    if (process.argv[2] === 'migrate') await migrate(options);
    else await serve(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${options.name}: ${error.message}\n`);
    process.exitCode = 1;
  }
}

async function migrate(options: ServiceOptions): Promise<void> {
  const { ownerUrl, logLevel } = loadMigrationConfig();
  const log = createLogger(options.name, logLevel);
  if (!options.migrations) return;
  const ran = await migrateDatabase({
    ownerUrl,
    schema: options.name,
    migrations: options.migrations,
    appRights: options.appRights,
  });
  log.info({ ran }, 'The schema is up to date');
}

async function serve(options: ServiceOptions): Promise<void> {
  const config = loadConfig(options.name);
  const log = createLogger(options.name, config.logLevel);
  const service = await startService(options, config);
  log.info({ managementPort: service.managementPort, version: config.version }, 'Ready');
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    setTimeout(() => {
      log.error('Stopping took too long; what is unfinished is taken up again by others');
      process.exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', (error) => log.error({ error }, 'A rejection was not handled'));
}
