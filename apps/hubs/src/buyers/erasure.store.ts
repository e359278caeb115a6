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
 * The enterprises whose contact is one of the persons: their e-mail address, or their name where they manage
 * or own the enterprise.
 */
export async function enterprisesWithContact(tx: Tx, personIds: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ enterprise_id: string }>(
    tx,
    `select e.enterprise_id from buyer_contacts p
     join buyer_contacts c on c.instance_id = p.instance_id and c.contact_hash = p.contact_hash
       and c.buyer_kind = 'enterprise'
     join enterprises e on e.instance_id = c.instance_id and e.enterprise_id = c.buyer_id
     where p.buyer_kind = 'person' and p.buyer_id = any($1::uuid[])
     union
     select e.enterprise_id from buyers b
     join enterprises e on e.instance_id = b.instance_id
       and lower(trim(e.contact_name)) = lower(trim(b.display_name))
     where b.person_id = any($1::uuid[])
       and (e.owner_person_id = b.person_id
            or exists (select from share_sets s join shares h on h.share_set_id = s.share_set_id
                       where s.enterprise_id = e.enterprise_id and h.person_id = b.person_id))`,
    [personIds],
  );
  return rows.map((row) => row.enterprise_id);
}

/**
 * Removes names, contacts and hashes of the persons, and the contacts of the enterprises. Whom a producer had
 * listed stays listed by id, as later decisions must not change; ids stand.
 */
export async function removeTraces(
  tx: Tx,
  { personIds, enterpriseIds }: { personIds: readonly string[]; enterpriseIds: readonly string[] },
): Promise<void> {
  const ofThem = `select instance_id, contact_hash from buyer_contacts
     where (buyer_kind = 'person' and buyer_id = any($1::uuid[]))
        or (buyer_kind = 'enterprise' and buyer_id = any($2::uuid[]))`;
  const ids = [personIds, enterpriseIds];
  await rowsOf(
    tx,
    `insert into existing_customers (instance_id, producer_id, buyer_kind, buyer_id, listed_at)
     select c.instance_id, c.producer_id, b.buyer_kind, b.buyer_id, c.listed_at
     from existing_customers c
     join buyer_contacts b on b.instance_id = c.instance_id and b.contact_hash = c.contact_hash
     where (c.instance_id, c.contact_hash) in (${ofThem})`,
    ids,
  );
  await rowsOf(
    tx,
    `delete from existing_customers c where (c.instance_id, c.contact_hash) in (${ofThem})`,
    ids,
  );
  await rowsOf(tx, `delete from buyer_contacts c where (c.instance_id, c.contact_hash) in (${ofThem})`, ids);
  await rowsOf(tx, `update buyers set display_name = null where person_id = any($1::uuid[])`, [personIds]);
  await rowsOf(
    tx,
    `update enterprises set contact_name = null, contact_email = null, contact_phone = null,
       contact_published = false
     where enterprise_id = any($1::uuid[])`,
    [enterpriseIds],
  );
}
