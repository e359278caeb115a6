import { runService } from '@foodshed/platform';
import { ContributionsModule } from './contributions.module.js';
import { CreateContributions1763690700000 } from './migrations/1763690700000-create-contributions.js';

await runService({
  name: 'contributions',
  module: ContributionsModule,
  migrations: [CreateContributions1763690700000],
});
