import type { MigrationClass } from '@foodshed/platform';
import { CreateCatalogue1763690400000 } from './1763690400000-create-catalogue.js';
import { CreateCheckout1763690400001 } from './1763690400001-create-checkout.js';
import { CreatePlaceOrders1763690400002 } from './1763690400002-create-place-orders.js';

/** In the order in which they run; one that was released is never changed. */
export const migrations: readonly MigrationClass[] = [
  CreateCatalogue1763690400000,
  CreateCheckout1763690400001,
  CreatePlaceOrders1763690400002,
];
