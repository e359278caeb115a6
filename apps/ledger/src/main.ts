import { ConfigError, runService } from '@foodshed/platform';
import { commands } from './commands.service.js';
import { LedgerModule } from './ledger.module.js';
import { CreateLedger1763690400000 } from './migrations/1763690400000-create-ledger.js';

const command = commands[process.argv[2] ?? ''];
if (command) {
  try {
    process.exitCode = await command(process.argv.slice(3));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`ledger: ${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  await runService({
    name: 'ledger',
    module: LedgerModule,
    migrations: [CreateLedger1763690400000],
    appRights: 'as-migrated',
  });
}
