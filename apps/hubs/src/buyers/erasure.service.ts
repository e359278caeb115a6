import { Injectable } from '@nestjs/common';
import { Clock, type Tx } from '@foodshed/platform';
import { setsWithout } from '../managers/manager.rules.js';
import { addShareSet, enterprisesEverOf, peopleOf } from '../managers/manager.store.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import { lockPersons } from './buyer.store.js';
import { enterprisesWithContact, markErased, removeTraces } from './erasure.store.js';

/** Removes what hubs knows of persons; ids stay, so that referrals and the books stand. */
@Injectable()
export class ErasureService {
  constructor(private readonly clock: Clock) {}

  /** Erases persons in every instance. What they held of a commission is their hub's own from now on. */
  async erase(tx: Tx, persons: readonly { personId: string; erasedAt: string }[]): Promise<void> {
    const personIds = [...new Set(persons.map(({ personId }) => personId))];
    await lockPersons(tx, personIds);
    await markErased(tx, persons);
    const enterpriseIds = await enterprisesWithContact(tx, personIds);
    await removeTraces(tx, { personIds, enterpriseIds });
    for (const personId of personIds) await this.#leave(tx, personId);
  }

  async #leave(tx: Tx, personId: string): Promise<void> {
    const enterprises = await enterprisesEverOf(tx, personId);
    const instances = [...new Set(enterprises.map(({ instanceId }) => instanceId))].sort();
    for (const instanceId of instances) await writeEvidence(tx, instanceId);
    const now = this.clock.now();
    const people = await peopleOf(
      tx,
      enterprises.map(({ enterpriseId }) => enterpriseId),
    );
    for (const { instanceId, enterpriseId } of enterprises) {
      const sets = people.get(enterpriseId)?.sets ?? [];
      for (const { validFrom, shares } of setsWithout(sets, personId, now.toISOString())) {
        await addShareSet(tx, {
          instanceId,
          enterpriseId,
          validFrom: new Date(validFrom),
          recordedAt: now,
          recordedBy: personId,
          shares,
        });
      }
    }
  }
}
