import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Bus, Clock, createLogger, NestLog, PlatformModule, RpcClient, Tokens } from '@foodshed/platform';
import { createHttpApp } from '../gateway.app.js';
import { loadGatewayConfig } from '../gateway.config.js';
import { GatewayModule } from '../gateway.module.js';
import { openApiOf } from './openapi.document.js';

// Writes apps/gateway/openapi.json; with --check, only says whether it is up to date. No server is needed:
// nothing of the platform is used while the routes are read.
const file = fileURLToPath(new URL('../../openapi.json', import.meta.url));
const parts = [Bus, Clock, RpcClient, Tokens].map((part) => Object.create(part.prototype) as object);
const root = { module: class Root {}, imports: [PlatformModule.of(parts), GatewayModule] };
const app = await createHttpApp(root, loadGatewayConfig({}), new NestLog(createLogger('gateway', 'silent')));
const text = `${JSON.stringify(openApiOf(app), null, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('apps/gateway/openapi.json is not what the routes say: run `npm run openapi`.\n');
  process.exitCode = 1;
}
await app.close();
