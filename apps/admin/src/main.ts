import { ConfigError, runService } from '@foodshed/platform';
import { AdminModule } from './admin.module.js';
import { commands } from './commands.service.js';
import { CreateAdmin1700000000000 } from './migrations/1700000000000-create-admin.js';

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
    migrations: [CreateAdmin1700000000000],
    appRights: 'as-migrated',
  });
}
