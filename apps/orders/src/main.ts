import { runService } from '@foodshed/platform';
import { migrations } from './migrations/migrations.js';
import { OrdersModule } from './orders.module.js';

await runService({ name: 'orders', module: OrdersModule, migrations });
