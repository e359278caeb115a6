import { noInstance } from '@foodshed/contracts';
import { ALL_INSTANCES, type Database, newId } from '@foodshed/platform';
import { record } from '../audit/audit.store.js';
import { PasswordService } from '../people/password.service.js';
import { findByEmail, insertPerson, updatePerson } from '../people/person.store.js';

/**
 * Makes sure that the person with this e-mail address is an operator: registers them where they are not, and
 * otherwise leaves their password alone. Returns the person's id and whether anything was changed.
 */
export async function bootstrapOperator(
  database: Database,
  operator: { email: string; password: string; displayName: string; at: Date },
): Promise<{ personId: string; changed: boolean }> {
  const { email, displayName, at } = operator;
  const passwordHash = await new PasswordService().hash(operator.password);
  return database.transaction(ALL_INSTANCES, async (tx) => {
    const newcomer = {
      personId: newId(),
      email,
      displayName,
      passwordHash,
      isOperator: true,
      emailIsVerified: true,
      at,
    };
    const isNew = await insertPerson(tx, newcomer);
    const person = await findByEmail(tx, email);
    if (!person) throw new Error('the operator was neither there nor inserted');
    if (!isNew && person.is_operator) return { personId: person.person_id, changed: false };
    if (!isNew) await updatePerson(tx, person.person_id, { isOperator: true });
    await record(tx, {
      instanceId: noInstance.id,
      at,
      actorId: null,
      action: 'operator-named',
      objectKind: 'person',
      objectId: person.person_id,
    });
    return { personId: person.person_id, changed: true };
  });
}
