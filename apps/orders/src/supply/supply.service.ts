import { Injectable } from '@nestjs/common';
import {
  DomainError,
  managesEnterprise,
  requireEnterprise,
  requireInstance,
  requirePerson,
  type CallContext,
  type NewSupplyAgreement,
  type RpcInput,
  type SupplyAgreement,
  type supplyRpc,
  type SupplySide,
} from '@foodshed/contracts';
import { Clock, Database, newId } from '@foodshed/platform';
import { pageOfRows, readCursor } from '../catalogue/cursor.rules.js';
import { EnterpriseService } from '../catalogue/enterprise.service.js';
import { requireVersion } from '../catalogue/product.rules.js';
import { withdrawGoods } from './supplied-goods.store.js';
import { moved, proposed, shownAgreement, type AgreementRow } from './supply.rules.js';
import { findAgreement, findAgreements, lockAgreementOf, writeAgreement } from './supply.store.js';

/** Which hubs sell which producers' goods, by agreement of both; for the managers of the two sides only. */
@Injectable()
export class SupplyService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly enterprises: EnterpriseService,
  ) {}

  async propose(wanted: NewSupplyAgreement, context: CallContext): Promise<SupplyAgreement> {
    const { id: instanceId } = requireInstance(context);
    const { producerId, hubId, proposedBy } = wanted;
    const { personId } = requireEnterprise(context, proposedBy === 'hub' ? hubId : producerId);
    await this.enterprises.requireSides(context, { producerId, hubId });
    return this.database.transaction(instanceId, async (tx) => {
      const known = await lockAgreementOf(tx, { instanceId, producerId, hubId });
      const row = proposed(known, wanted, { agreementId: newId(), personId, now: this.clock.now() });
      if (row !== known) await writeAgreement(tx, instanceId, row);
      return shownAgreement(row);
    });
  }

  async list(
    { as, enterpriseId, state, cursor, limit }: RpcInput<typeof supplyRpc.listSupplyAgreements>,
    context: CallContext,
  ): Promise<{ items: SupplyAgreement[]; nextCursor: string | null }> {
    const { id: instanceId } = requireInstance(context);
    requireEnterprise(context, enterpriseId);
    const rows = await this.database.transaction(instanceId, (tx) =>
      findAgreements(tx, {
        instanceId,
        as,
        enterpriseId,
        state: state ?? null,
        afterAgreementId: readCursor(cursor),
        limit: limit + 1,
      }),
    );
    const { page, nextCursor } = pageOfRows(rows, limit, (row) => row.agreementId);
    return { items: page.map(shownAgreement), nextCursor };
  }

  async get(agreementId: string, context: CallContext): Promise<SupplyAgreement> {
    const { id: instanceId } = requireInstance(context);
    const row = await this.database.transaction(instanceId, (tx) =>
      findAgreement(tx, { instanceId, agreementId }),
    );
    if (!row || sidesOf(row, context).length === 0) throw noAgreement();
    return shownAgreement(row);
  }

  /** Accepts, declines or ends; what is ended leaves the hub's cycles in the same transaction. */
  async setState(
    { agreementId, state, version }: RpcInput<typeof supplyRpc.setSupplyState>,
    context: CallContext,
  ): Promise<SupplyAgreement> {
    const { id: instanceId } = requireInstance(context);
    const { personId } = requirePerson(context);
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      const known = await findAgreement(tx, { instanceId, agreementId, lock: true });
      const sides = known ? sidesOf(known, context) : [];
      if (!known || sides.length === 0) throw noAgreement();
      // A repetition comes with the version before it.
      if (known.state === state) return shownAgreement(known);
      requireVersion(known.version, version);
      const row = moved(known, state, { sides, personId, now });
      await writeAgreement(tx, instanceId, row);
      const { hubId, producerId } = row;
      if (known.state === 'accepted') await withdrawGoods(tx, { instanceId, hubId, producerId, now });
      return shownAgreement(row);
    });
  }
}

function sidesOf({ producerId, hubId }: AgreementRow, { caller }: CallContext): SupplySide[] {
  return [
    ...(managesEnterprise(caller, producerId) ? (['producer'] as const) : []),
    ...(managesEnterprise(caller, hubId) ? (['hub'] as const) : []),
  ];
}

/** Also for whom it does not concern: who sells for whom is the business of the two. */
function noAgreement(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such supply agreement.' });
}
