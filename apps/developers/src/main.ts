import { runService } from '@foodshed/platform';
import { DevelopersModule } from './developers.module.js';
import { CreateDevelopers1763690600000 } from './migrations/1763690600000-create-developers.js';

await runService({
  name: 'developers',
  module: DevelopersModule,
  migrations: [CreateDevelopers1763690600000],
});
