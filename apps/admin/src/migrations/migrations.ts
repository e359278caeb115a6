import type { MigrationClass } from '@foodshed/platform';
import { CreateAdmin1700000000000 } from './1700000000000-create-admin.js';
import { CreateWebhooks1763690800000 } from './1763690800000-create-webhooks.js';
import { CreateReconciliations1763690800001 } from './1763690800001-create-reconciliations.js';

/** In the order in which they run; one that was released is never changed. */
export const migrations: readonly MigrationClass[] = [
  CreateAdmin1700000000000,
  CreateWebhooks1763690800000,
  CreateReconciliations1763690800001,
];
