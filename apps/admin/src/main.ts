import { ConfigError, runService } from '@foodshed/platform';
import { AdminModule } from './admin.module.js';
import { commands } from './commands.service.js';
import { migrations } from './migrations/migrations.js';

const command = commands[process.argv[2] ?? ''];
if (command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`admin: ${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  await runService({
    name: 'admin',
    module: AdminModule,
    entities: [],
    migrations,
    appRights: 'as-migrated',
  });
}
