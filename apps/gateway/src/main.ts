import { runService } from '@foodshed/platform';
import { createGateway } from './gateway.app.js';
import { GatewayModule } from './gateway.module.js';

await runService({ name: 'gateway', module: GatewayModule, createApp: createGateway() });
