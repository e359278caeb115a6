import type { BuyerRef } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface KnownPerson {
  readonly instanceId: string;
  readonly personId: string;
  /** Null for somebody who is erased or unknown. */
  readonly displayName: string | null;
  readonly contactHash: Buffer | null;
  /** When the person verified the address, ISO; null while they have not. */
  readonly contactKnownFrom: string | null;
}

/** Takes the person's lock for each (sorted), so that an erasure and a late registration never cross. */
export async function lockPersons(tx: Tx, personIds: Iterable<string>): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'persons-lock',
      text: `select pg_advisory_xact_lock(hashtextextended('person ' || p, 0)) from unnest($1::text[]) as p`,
    },
    [[...new Set(personIds)].sort()],
  );
}

/**
 * Keeps names and hashed contacts of persons; of those who are erased nothing but the id. To be called under
 * `lockPersons`. A contact counts from when the person verified that it is theirs; one that is not verified matches
 * nothing, and is kept to be found when they are erased.
 */
export async function keepPersons(tx: Tx, persons: readonly KnownPerson[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'persons-keep',
      text: `with p as (
               select k.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[])
                        as k(instance_id, person_id, display_name, contact_hash, known_from)
               where not exists (select from erased_persons e where e.person_id = k.person_id)),
             contacts as (
               insert into buyer_contacts (instance_id, buyer_kind, buyer_id, contact_hash, known_from)
               select instance_id, 'person', person_id, contact_hash, coalesce(known_from, 'infinity')
               from p where contact_hash is not null
               on conflict (instance_id, buyer_kind, buyer_id, contact_hash)
                 do update set known_from = least(buyer_contacts.known_from, excluded.known_from))
             insert into buyers (instance_id, person_id, display_name)
             select instance_id, person_id, display_name from p
             on conflict (instance_id, person_id) do update
               set display_name = coalesce(excluded.display_name, buyers.display_name)`,
    },
    [
      persons.map(({ instanceId }) => instanceId),
      persons.map(({ personId }) => personId),
      persons.map(({ displayName }) => displayName),
      persons.map(({ contactHash }) => contactHash),
      persons.map(({ contactKnownFrom }) => contactKnownFrom),
    ],
  );
}

/** Which of the persons hubs has a name for, in the transaction's instance. */
export async function knownPersons(
  tx: Tx,
  instanceId: string,
  personIds: readonly string[],
): Promise<Set<string>> {
  const rows = await rowsOf<{ person_id: string }>(
    tx,
    `select person_id from buyers where instance_id = $1 and person_id = any($2::uuid[]) and display_name is not null`,
    [instanceId, personIds],
  );
  return new Set(rows.map((row) => row.person_id));
}

/** Keeps an enterprise's hashed contacts; they count from `knownFrom`, and older ones stay known. */
export async function keepEnterpriseContacts(
  tx: Tx,
  enterprise: { instanceId: string; enterpriseId: string; hashes: readonly Buffer[]; knownFrom: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into buyer_contacts (instance_id, buyer_kind, buyer_id, contact_hash, known_from)
     select $1, 'enterprise', $2, h, $4 from unnest($3::bytea[]) as h on conflict do nothing`,
    [enterprise.instanceId, enterprise.enterpriseId, enterprise.hashes, enterprise.knownFrom],
  );
}

/**
 * Kind and display name by buyer id: persons' names, null for the erased and unnamed, and enterprises' public
 * names. Buyers unknown to hubs are not in it.
 */
export async function namesOf(
  tx: Tx,
  instanceId: string,
  buyerIds: Iterable<string>,
): Promise<Map<string, { kind: BuyerRef['kind']; name: string | null }>> {
  const rows = await rowsOf<{ kind: BuyerRef['kind']; id: string; name: string | null }>(
    tx,
    {
      name: 'names-of',
      text: `select 'person' as kind, person_id as id, display_name as name from buyers
             where instance_id = $1 and person_id = any($2::uuid[])
             union all
             select 'enterprise', enterprise_id, name from enterprises
             where instance_id = $1 and enterprise_id = any($2::uuid[])`,
    },
    [instanceId, [...new Set(buyerIds)]],
  );
  return new Map(rows.map(({ kind, id, name }) => [id, { kind, name }]));
}

/** Which of the buyers, by id, ordered from, were sold to by, or were referred by one of the enterprises. */
export async function relatedBuyers(
  tx: Tx,
  options: { instanceId: string; buyerIds: readonly string[]; enterpriseIds: readonly string[] },
): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    {
      name: 'related-buyers',
      text: `select buyer_id as id from customers
             where instance_id = $1 and buyer_id = any($2::uuid[]) and enterprise_id = any($3::uuid[])
             union
             select f.buyer_id from first_sales f
             where f.instance_id = $1 and f.buyer_id = any($2::uuid[])
               and (f.hub_id = any($3::uuid[]) or f.producer_id = any($3::uuid[]))
             union
             select u.buyer_id from referral_link_uses u
             join referral_links l on l.instance_id = u.instance_id and l.link_id = u.link_id
             where u.instance_id = $1 and u.buyer_id = any($2::uuid[]) and l.hub_id = any($3::uuid[])`,
    },
    [options.instanceId, options.buyerIds, options.enterpriseIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Remembers that enterprises (the hub, the producers) serve a buyer. */
export async function keepCustomers(
  tx: Tx,
  customers: readonly { instanceId: string; enterpriseId: string; buyer: BuyerRef }[],
): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'customers-keep',
      text: `insert into customers (instance_id, buyer_id, enterprise_id, buyer_kind)
             select k.* from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])
                      as k(instance_id, buyer_id, enterprise_id, buyer_kind)
             where not exists (select from customers c where c.instance_id = k.instance_id
                and c.buyer_id = k.buyer_id and c.enterprise_id = k.enterprise_id and c.buyer_kind = k.buyer_kind)
             order by 1, 2, 3, 4
             on conflict do nothing`,
    },
    [
      customers.map(({ instanceId }) => instanceId),
      customers.map(({ buyer }) => buyer.id),
      customers.map(({ enterpriseId }) => enterpriseId),
      customers.map(({ buyer }) => buyer.kind),
    ],
  );
}
