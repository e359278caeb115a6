import { rowsOf, type Tx } from '@foodshed/platform';

/** Remembers that persons are erased, so that nothing about them is kept again; repeating it changes nothing. */
export async function markErased(
  tx: Tx,
  persons: readonly { personId: string; erasedAt: string }[],
): Promise<void> {
  await rowsOf(
    tx,
    `insert into erased_persons (person_id, erased_at)
     select * from unnest($1::uuid[], $2::timestamptz[]) on conflict do nothing`,
    [persons.map(({ personId }) => personId), persons.map(({ erasedAt }) => erasedAt)],
  );
}

/**
 * The enterprises whose contact is one of the persons, by address or name, of those that they own or ever managed:
 * only they can have entered it. Whoever else has an enterprise's address takes nothing from it.
 */
export async function enterprisesWithContact(tx: Tx, personIds: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ enterprise_id: string }>(
    tx,
    `with own as (
       select e.enterprise_id, e.instance_id, e.owner_person_id as person_id, e.contact_name from enterprises e
       where e.owner_person_id = any($1::uuid[])
       union
       select e.enterprise_id, e.instance_id, h.person_id, e.contact_name from shares h
       join share_sets s on s.instance_id = h.instance_id and s.share_set_id = h.share_set_id
       join enterprises e on e.instance_id = s.instance_id and e.enterprise_id = s.enterprise_id
       where h.person_id = any($1::uuid[]))
     select distinct o.enterprise_id from own o
     where exists (select from buyers b
                   where b.instance_id = o.instance_id and b.person_id = o.person_id
                     and lower(trim(b.display_name)) = lower(trim(o.contact_name)))
        or exists (select from buyer_contacts p
                   join buyer_contacts c using (instance_id, contact_hash)
                   where p.instance_id = o.instance_id and p.buyer_kind = 'person' and p.buyer_id = o.person_id
                     and c.buyer_kind = 'enterprise' and c.buyer_id = o.enterprise_id)`,
    [personIds],
  );
  return rows.map((row) => row.enterprise_id);
}

/**
 * Removes names, contacts and hashes of the persons, and the contacts of the enterprises. Whom a producer had
 * listed stays listed by id, as later decisions must not change; ids stand. What a producer listed is removed only
 * where it was theirs (an address that they never verified is not), and nobody's who stays.
 */
export async function removeTraces(
  tx: Tx,
  { personIds, enterpriseIds }: { personIds: readonly string[]; enterpriseIds: readonly string[] },
): Promise<void> {
  const isTheirs = `((b.buyer_kind = 'person' and b.buyer_id = any($1::uuid[]))
       or (b.buyer_kind = 'enterprise' and b.buyer_id = any($2::uuid[])))`;
  const matches = `b.instance_id = c.instance_id and b.contact_hash = c.contact_hash and b.known_from < 'infinity'`;
  const ids = [personIds, enterpriseIds];
  await rowsOf(
    tx,
    `insert into existing_customers (instance_id, producer_id, buyer_kind, buyer_id, listed_at)
     select c.instance_id, c.producer_id, b.buyer_kind, b.buyer_id, c.listed_at
     from existing_customers c join buyer_contacts b on ${matches} where ${isTheirs}`,
    ids,
  );
  await rowsOf(
    tx,
    `delete from existing_customers c
     where exists (select from buyer_contacts b where ${matches} and ${isTheirs})
       and not exists (select from buyer_contacts b where ${matches} and not ${isTheirs})`,
    ids,
  );
  await rowsOf(
    tx,
    `delete from manager_invitations c where c.person_id = any($1::uuid[]) and c.state = 'pending'
       or exists (select from buyer_contacts b where ${matches} and b.buyer_kind = 'person'
                    and b.buyer_id = any($1::uuid[]))`,
    [personIds],
  );
  await rowsOf(tx, `delete from buyer_contacts b where ${isTheirs}`, ids);
  await rowsOf(tx, `update buyers set display_name = null where person_id = any($1::uuid[])`, [personIds]);
  await rowsOf(
    tx,
    `update enterprises set contact_name = null, contact_email = null, contact_phone = null,
       contact_published = false
     where enterprise_id = any($1::uuid[])`,
    [enterpriseIds],
  );
}
