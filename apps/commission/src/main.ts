import { runService } from '@foodshed/platform';
import { CommissionModule } from './commission.module.js';
import { CreateCommission1763690500000 } from './migrations/1763690500000-create-commission.js';

await runService({
  name: 'commission',
  module: CommissionModule,
  migrations: [CreateCommission1763690500000],
});
