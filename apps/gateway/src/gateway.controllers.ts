import type { Type } from '@nestjs/common';
import * as admin from './admin.controller.js';
import * as catalogue from './catalogue.controller.js';
import * as commission from './commission.controller.js';
import * as confirmation from './confirmation.controller.js';
import * as contributions from './contributions.controller.js';
import * as developers from './developers.controller.js';
import * as hubs from './hubs.controller.js';
import * as ledger from './ledger.controller.js';
import { LiveController } from './live/live.controller.js';
import * as managers from './managers.controller.js';
import * as operations from './operations.controller.js';
import * as orders from './orders.controller.js';
import * as packing from './packing.controller.js';
import * as payouts from './payouts.controller.js';
import { SessionController } from './session.controller.js';
import * as supply from './supply.controller.js';
import * as webhooks from './webhooks.controller.js';

/** Every controller of the HTTP edge: the gateway's own, and one file per service. */
export const controllers: Type[] = [
  LiveController,
  SessionController,
  ...[
    admin,
    catalogue,
    commission,
    confirmation,
    contributions,
    developers,
    hubs,
    ledger,
    managers,
    operations,
    orders,
    packing,
    payouts,
    supply,
    webhooks,
  ].flatMap((file) => Object.values(file) as Type[]),
];
