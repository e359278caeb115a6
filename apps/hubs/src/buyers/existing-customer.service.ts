import { Injectable } from '@nestjs/common';
import {
  requireInstance,
  type CallContext,
  type RpcInput,
  type RpcOutput,
  type hubsRpc,
} from '@foodshed/contracts';
import { Clock, Database } from '@foodshed/platform';
import { ManagerService } from '../managers/manager.service.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import { ContactService } from './contact.service.js';
import { addExistingCustomers } from './existing-customer.store.js';

type Rpc = typeof hubsRpc.addExistingCustomers;

/** Producers' lists of the customers they had before anybody referred them. */
@Injectable()
export class ExistingCustomerService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactService,
    private readonly managers: ManagerService,
  ) {}

  /** Adds contacts to the list, dated now; those listed before keep their time. @throws forbidden, not-found */
  async add({ producerId, list }: RpcInput<Rpc>, context: CallContext): Promise<RpcOutput<Rpc>> {
    const { id: instanceId } = requireInstance(context);
    const hashes = new Map(
      list.contacts.map((contact) => this.contacts.hash(contact)).map((hash) => [hash.toString('hex'), hash]),
    );
    return this.database.transaction(instanceId, async (tx) => {
      await this.managers.require(tx, context, producerId);
      await writeEvidence(tx, instanceId);
      const listedAt = this.clock.now();
      const added = await addExistingCustomers(tx, {
        instanceId,
        producerId,
        hashes: [...hashes.values()],
        listedAt,
      });
      return { added, alreadyListed: hashes.size - added, listedAt: listedAt.toISOString() };
    });
  }
}
