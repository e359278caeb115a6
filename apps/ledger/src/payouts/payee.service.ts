import {
  DomainError,
  managesEnterprise,
  requireInstance,
  requirePerson,
  type CallContext,
  type Payee,
  type PayeeOwner,
  type PayeeSettings,
  type PayoutSettings,
} from '@foodshed/contracts';
import { Clock, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { findPayee, findSettings, savePayee, saveSettings } from './payee.store.js';
import { isLatinName } from './sepa.rules.js';
import { isSepaIban } from './transfer-file.service.js';

/** Where and when people and enterprises want to be paid: for themselves to see and to change. */
@Injectable()
export class PayeeService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async get(owner: PayeeOwner, context: CallContext): Promise<{ payee: Payee | null }> {
    requireOwn(owner, context);
    const { id: instanceId } = requireInstance(context);
    return { payee: await this.database.transaction(instanceId, (tx) => findPayee(tx, owner)) };
  }

  async set(input: PayeeOwner & PayeeSettings, context: CallContext): Promise<Payee> {
    const by = requireOwn(input, context);
    const { id: instanceId } = requireInstance(context);
    const { way } = input;
    if (way.kind === 'iban') {
      requireIban(way.iban, 'way.iban');
      requireName(way.accountName, 'way.accountName');
    }
    const now = this.clock.now();
    return this.database.transaction(instanceId, (tx) => savePayee(tx, { ...input, instanceId, by, now }));
  }

  async settings(context: CallContext): Promise<{ settings: PayoutSettings | null }> {
    const { id: instanceId } = requireInstance(context);
    return { settings: await this.database.transaction(instanceId, findSettings) };
  }

  async setSettings(input: PayoutSettings, context: CallContext): Promise<PayoutSettings> {
    const { id: instanceId } = requireInstance(context);
    const by = requirePerson(context).personId;
    requireIban(input.debtorIban, 'debtorIban');
    requireName(input.debtorName, 'debtorName');
    const now = this.clock.now();
    await this.database.transaction(instanceId, (tx) => saveSettings(tx, { ...input, instanceId, by, now }));
    return input;
  }
}

/** The person, who is the owner or manages it. @throws forbidden */
function requireOwn({ ownerKind, ownerId }: PayeeOwner, context: CallContext): string {
  const person = requirePerson(context);
  const isOwn = ownerKind === 'person' ? ownerId === person.personId : managesEnterprise(person, ownerId);
  if (isOwn) return person.personId;
  throw new DomainError('forbidden', { detail: 'Only whoever is paid sees and changes where.' });
}

function requireIban(iban: string, path: string): void {
  if (!isSepaIban(iban)) throw notValid(path, 'must be an IBAN of a country in SEPA; look for a wrong digit');
}

function requireName(name: string, path: string): void {
  if (!isLatinName(name))
    throw notValid(path, 'must be 1 to 70 characters that can be written in Latin letters');
}

function notValid(path: string, message: string): DomainError {
  return new DomainError('invalid-input', { detail: `${path} ${message}.`, fields: [{ path, message }] });
}
