import type { CreateApp, NestLog } from '@foodshed/platform';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { serveDocs } from './docs/docs.page.js';
import { openApiOf } from './docs/openapi.document.js';
import { Callers } from './edge/callers.service.js';
import { addEdgeHooks, requestIdOf } from './edge/edge.hooks.js';
import { ProblemFilter } from './edge/problem.filter.js';
import { RateLimiter } from './edge/rate-limits.service.js';
import { serveWeb } from './edge/web.files.js';
import { ZodPipe } from './edge/zod.pipe.js';
import { loadGatewayConfig, type GatewayConfig } from './gateway.config.js';
import { GatewayConfigModule } from './gateway.module.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSING_MS = 3_000;

/** How the HTTP edge is made around the RPC transport, and listens. */
export const createGateway =
  (load = loadGatewayConfig): CreateApp =>
  async (root, rpcServer, nestLog) => {
    const log = nestLog.logger;
    const config = load();
    const app = await createHttpApp(root as DynamicModule, config, nestLog);
    const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    addEdgeHooks(server, { config, callers: app.get(Callers), limiter: app.get(RateLimiter), log });
    server.addHook('preClose', (done) => {
      // Answers in progress are finished; a client that does not read its answer does not hold up the rest.
      setTimeout(() => server.server.closeAllConnections(), CLOSING_MS).unref();
      done();
    });
    serveDocs(server, openApiOf(app));
    if (config.webRoot) await serveWeb(server, config.webRoot, log);
    // The gateway answers no RPC but its status, so HTTP's pipes and filters are not for it.
    app.connectMicroservice({ strategy: rpcServer }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    await app.listen(config.http.port, config.http.host);
    log.info({ url: await app.getUrl() }, 'Listening');
    return app;
  };

/** The Nest application with all routes, not listening; the OpenAPI document is made of it too. */
export async function createHttpApp(
  root: DynamicModule,
  config: GatewayConfig,
  nestLog: NestLog,
): Promise<NestFastifyApplication> {
  const configured = { module: class Edge {}, imports: [GatewayConfigModule.of(config), root] };
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: requestIdOf,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: (_address, hop) => hop < config.trustedProxies,
    skipMiddie: true,
    multipart: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(configured, adapter as never, {
    bodyParser: false,
    logger: nestLog,
    abortOnError: false,
  });
  app.useGlobalPipes(new ZodPipe());
  app.useGlobalFilters(new ProblemFilter(nestLog.logger));
  return app;
}
