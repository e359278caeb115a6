import { runService } from '@foodshed/platform';
import { HubsModule } from './hubs.module.js';
import { CreateHubs1700000000000 } from './migrations/1700000000000-create-hubs.js';

await runService({ name: 'hubs', module: HubsModule, entities: [], migrations: [CreateHubs1700000000000] });
