import { newId, rowsOf, type Tx } from '@foodshed/platform';
import { isManagerAt, type EnterprisePeople, type Share, type ShareSet } from './manager.rules.js';

interface PeopleRow {
  instance_id: string;
  enterprise_id: string;
  owner_person_id: string;
  share_set_id: string | null;
  valid_from: Date | null;
  recorded_at: Date | null;
  person_id: string | null;
  share_bps: number | null;
}

/**
 * The owner and all sets of shares ever recorded of each enterprise, by enterprise id; unknown ids are not in
 * it. No row is locked: a set counts from a time after it was recorded, so that the past is complete.
 */
export async function peopleOf(
  tx: Tx,
  enterpriseIds: Iterable<string>,
): Promise<Map<string, EnterprisePeople>> {
  const rows = await rowsOf<PeopleRow>(
    tx,
    {
      name: 'people-of',
      text: `select e.instance_id, e.enterprise_id, e.owner_person_id, s.share_set_id, s.valid_from, s.recorded_at, p.person_id,
                    p.share_bps
             from enterprises e
             left join share_sets s on s.instance_id = e.instance_id and s.enterprise_id = e.enterprise_id
             left join shares p on p.share_set_id = s.share_set_id
             where e.enterprise_id = any($1::uuid[])
             order by e.enterprise_id, s.share_set_id, p.person_id`,
    },
    [[...new Set(enterpriseIds)]],
  );
  const people = new Map<string, EnterprisePeople & { sets: ShareSet[] }>();
  const sharesOf = new Map<string, Share[]>();
  for (const row of rows) {
    let found = people.get(row.enterprise_id);
    if (!found) {
      found = { instanceId: row.instance_id, ownerPersonId: row.owner_person_id, sets: [] };
      people.set(row.enterprise_id, found);
    }
    if (!row.share_set_id || !row.valid_from || !row.recorded_at) continue;
    let shares = sharesOf.get(row.share_set_id);
    if (!shares) {
      sharesOf.set(row.share_set_id, (shares = []));
      const [validFrom, recordedAt] = [row.valid_from.toISOString(), row.recorded_at.toISOString()];
      found.sets.push({ shareSetId: row.share_set_id, validFrom, recordedAt, shares });
    }
    if (row.person_id) shares.push({ personId: row.person_id, shareBps: row.share_bps ?? 0 });
  }
  return people;
}

/**
 * Records who manages an enterprise from `validFrom` on. The database refuses a set that begins before it is
 * recorded or adds up to more than 10 000 bps, and any later change of it.
 */
export async function addShareSet(
  tx: Tx,
  set: {
    instanceId: string;
    enterpriseId: string;
    validFrom: Date;
    recordedAt: Date;
    recordedBy: string;
    shares: readonly Share[];
  },
): Promise<void> {
  const shareSetId = newId();
  await rowsOf(
    tx,
    `with s as (
       insert into share_sets (share_set_id, instance_id, enterprise_id, valid_from, recorded_at, recorded_by)
       values ($1, $2, $3, $4, $5, $6))
     insert into shares (instance_id, share_set_id, person_id, share_bps)
     select $2::uuid, $1::uuid, * from unnest($7::uuid[], $8::int[])`,
    [
      shareSetId,
      set.instanceId,
      set.enterpriseId,
      set.validFrom,
      set.recordedAt,
      set.recordedBy,
      set.shares.map(({ personId }) => personId),
      set.shares.map(({ shareBps }) => shareBps),
    ],
  );
}

/** Enterprises that a person has ever had a share of or owns; whether they manage them now is for rules to say. */
export async function enterprisesEverOf(
  tx: Tx,
  personId: string,
): Promise<{ instanceId: string; enterpriseId: string }[]> {
  const rows = await rowsOf<{ instance_id: string; enterprise_id: string }>(
    tx,
    {
      name: 'enterprises-ever-of',
      text: `select distinct s.instance_id, s.enterprise_id from shares p
             join share_sets s on s.instance_id = p.instance_id and s.share_set_id = p.share_set_id
             where p.person_id = $1`,
    },
    [personId],
  );
  return rows.map((row) => ({ instanceId: row.instance_id, enterpriseId: row.enterprise_id }));
}

/** The ids of the enterprises, of those the transaction may see, that a person manages at `now`. */
export async function managedNow(tx: Tx, personId: string, now: Date): Promise<string[]> {
  const ids = (await enterprisesEverOf(tx, personId)).map(({ enterpriseId }) => enterpriseId);
  if (ids.length === 0) return [];
  const people = await peopleOf(tx, ids);
  return ids.filter((enterpriseId) => isManagerAt(people.get(enterpriseId), personId, now.toISOString()));
}

/** The hubs that each of these people ever had a share of, by id; who never had one is left out. */
export function hubsEverOf(
  tx: Tx,
  { instanceId, personIds }: { instanceId: string; personIds: readonly string[] },
): Promise<{ personId: string; hubIds: string[] }[]> {
  return rowsOf(
    tx,
    `select p.person_id as "personId", array_agg(distinct s.enterprise_id::text) as "hubIds"
     from shares p
     join share_sets s on s.instance_id = p.instance_id and s.share_set_id = p.share_set_id
     join enterprises e on e.instance_id = s.instance_id and e.enterprise_id = s.enterprise_id
     where p.instance_id = $1 and p.person_id = any($2::uuid[]) and p.share_bps > 0 and e.is_hub
     group by p.person_id`,
    [instanceId, personIds],
  );
}
