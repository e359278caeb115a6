import type { BuyerRef } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { buyerKey, distinctBy, pairColumns, pairKey, type Pair } from './pair.rules.js';
import type { AcceptedIntroduction, LinkUse } from './referral.rules.js';

const GATE = `hashtextextended('evidence ' || instance_id, 0)`;

/**
 * Opens the gate for readers: waits until evidence being written is committed, and keeps writers out until
 * this transaction ends. Whatever is dated before now is then visible, and nothing dated so comes later.
 */
export async function readEvidence(tx: Tx, instanceIds: readonly string[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'evidence-read',
      text: `select pg_advisory_xact_lock_shared(${GATE}) from unnest($1::text[]) as i(instance_id)`,
    },
    [[...new Set(instanceIds)].sort()],
  );
}

/** Opens the gate for a writer of dated evidence; the clock is to be read after it, in the same transaction. */
export async function writeEvidence(tx: Tx, instanceId: string): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'evidence-write',
      text: `select pg_advisory_xact_lock(${GATE}) from (select $1::text as instance_id) as i`,
    },
    [instanceId],
  );
}

/** Uses of links by the buyers, by `buyerKey`; buyers without any are not in it. */
export async function linkUsesOf(
  tx: Tx,
  buyers: readonly { instanceId: string; buyer: BuyerRef }[],
): Promise<Map<string, LinkUse[]>> {
  const distinct = distinctBy(buyers, ({ instanceId, buyer }) => buyerKey(instanceId, buyer));
  const rows = await rowsOf<{
    instance_id: string;
    kind: BuyerRef['kind'];
    id: string;
    link: string;
    hub: string;
    at: Date;
  }>(
    tx,
    {
      name: 'link-uses-of',
      text: `select u.instance_id, u.buyer_kind as kind, u.buyer_id as id, u.link_id as link, l.hub_id as hub,
                    u.used_at as at
             from unnest($1::uuid[], $2::text[], $3::uuid[]) as k(instance_id, buyer_kind, buyer_id)
             join referral_link_uses u using (instance_id, buyer_kind, buyer_id)
             join referral_links l on l.instance_id = u.instance_id and l.link_id = u.link_id`,
    },
    [
      distinct.map(({ instanceId }) => instanceId),
      distinct.map(({ buyer }) => buyer.kind),
      distinct.map(({ buyer }) => buyer.id),
    ],
  );
  return grouped(rows, (row) => [
    buyerKey(row.instance_id, { kind: row.kind, id: row.id }),
    { linkId: row.link, hubId: row.hub, usedAt: row.at.toISOString() },
  ]);
}

/** Introductions that the producers accepted, by `pairKey`. */
export async function acceptedIntroductionsOf(
  tx: Tx,
  pairs: readonly Pair[],
): Promise<Map<string, AcceptedIntroduction[]>> {
  const rows = await rowsOf<
    PairRow & { introduction: string; hub: string; proposed_at: Date; answered_at: Date }
  >(
    tx,
    {
      name: 'introductions-of',
      text: `select i.instance_id, i.producer_id, i.buyer_kind, i.buyer_id, i.introduction_id as introduction,
                    i.hub_id as hub, i.proposed_at, i.answered_at
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
                    as k(instance_id, producer_id, buyer_kind, buyer_id)
             join introductions i using (instance_id, producer_id, buyer_kind, buyer_id)
             where i.state = 'accepted'`,
    },
    pairColumns(pairs),
  );
  return grouped(rows, (row) => [
    pairKey(pairOf(row)),
    {
      introductionId: row.introduction,
      hubId: row.hub,
      proposedAt: row.proposed_at.toISOString(),
      acceptedAt: row.answered_at.toISOString(),
    },
  ]);
}

/**
 * When each producer first listed each buyer, by `pairKey`: by the buyer's id, or by a contact the buyer was
 * known under when the first order was placed (`placedAt`, ISO).
 */
export async function listedAtOf(
  tx: Tx,
  pairs: readonly (Pair & { placedAt: string })[],
): Promise<Map<string, string>> {
  const rows = await rowsOf<PairRow & { listed_at: Date }>(
    tx,
    {
      name: 'listed-at-of',
      text: `select k.instance_id, k.producer_id, k.buyer_kind, k.buyer_id, min(e.listed_at) as listed_at
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[])
                    as k(instance_id, producer_id, buyer_kind, buyer_id, placed_at)
             cross join lateral (
               select listed_at from existing_customers c
               where c.instance_id = k.instance_id and c.producer_id = k.producer_id
                 and c.buyer_id = k.buyer_id and c.buyer_kind = k.buyer_kind
               union all
               select c.listed_at from buyer_contacts b
               join existing_customers c on c.instance_id = b.instance_id and c.producer_id = k.producer_id
                 and c.contact_hash = b.contact_hash
               where b.instance_id = k.instance_id and b.buyer_kind = k.buyer_kind and b.buyer_id = k.buyer_id
                 and b.known_from <= k.placed_at
             ) e
             group by 1, 2, 3, 4`,
    },
    [...pairColumns(pairs), pairs.map(({ placedAt }) => placedAt)],
  );
  return new Map(rows.map((row) => [pairKey(pairOf(row)), row.listed_at.toISOString()]));
}

/**
 * Persons of the pairs whose verified contact hubs has not heard of, where the producer keeps a list: only then does
 * the contact decide anything. Admin says when it was verified, whatever hubs has heard until now.
 */
export async function personsToAskFor(
  tx: Tx,
  pairs: readonly Pair[],
): Promise<{ instanceId: string; personId: string }[]> {
  const persons = pairs.filter(({ buyer }) => buyer.kind === 'person');
  if (persons.length === 0) return [];
  const rows = await rowsOf<{ instance_id: string; buyer_id: string }>(
    tx,
    {
      name: 'persons-to-ask-for',
      text: `select distinct k.instance_id, k.buyer_id
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
                    as k(instance_id, producer_id, buyer_kind, buyer_id)
             where exists (select from existing_customers e
                           where e.instance_id = k.instance_id and e.producer_id = k.producer_id)
               and not exists (select from buyer_contacts b
                               where b.instance_id = k.instance_id and b.buyer_kind = 'person'
                                 and b.buyer_id = k.buyer_id and b.known_from < 'infinity')
               and not exists (select from erased_persons e where e.person_id = k.buyer_id)`,
    },
    pairColumns(persons),
  );
  return rows.map((row) => ({ instanceId: row.instance_id, personId: row.buyer_id }));
}

interface PairRow {
  instance_id: string;
  producer_id: string;
  buyer_kind: BuyerRef['kind'];
  buyer_id: string;
}

/** The pair that a row's columns name. */
export function pairOf(row: PairRow): Pair {
  return {
    instanceId: row.instance_id,
    producerId: row.producer_id,
    buyer: { kind: row.buyer_kind, id: row.buyer_id },
  };
}

function grouped<Row, Item>(
  rows: readonly Row[],
  entryOf: (row: Row) => [string, Item],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const [key, item] of rows.map(entryOf)) groups.set(key, [...(groups.get(key) ?? []), item]);
  return groups;
}
