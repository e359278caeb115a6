import type { BuyerRef, ReferralLink } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

interface LinkRow {
  link_id: string;
  hub_id: string;
  code: string;
  label: string;
  created_at: Date;
  uses: number;
}

function linkOf(row: LinkRow): ReferralLink {
  return {
    linkId: row.link_id,
    hubId: row.hub_id,
    code: row.code,
    label: row.label,
    createdAt: row.created_at.toISOString(),
    uses: row.uses,
  };
}

/** Adds a hub's link. */
export async function insertLink(
  tx: Tx,
  link: ReferralLink & { instanceId: string; createdBy: string },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into referral_links (link_id, instance_id, hub_id, code, label, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [link.linkId, link.instanceId, link.hubId, link.code, link.label, link.createdAt, link.createdBy],
  );
}

/** A hub's links with how often each was used, newest first, after the link id of the page before. */
export async function listLinks(
  tx: Tx,
  options: { instanceId: string; hubId: string; before?: string; limit: number },
): Promise<ReferralLink[]> {
  const rows = await rowsOf<LinkRow>(
    tx,
    `select l.link_id, l.hub_id, l.code, l.label, l.created_at, u.uses
     from referral_links l
     cross join lateral (select count(*) as uses from referral_link_uses u
                         where u.instance_id = l.instance_id and u.link_id = l.link_id) u
     where l.instance_id = $1 and l.hub_id = $2 and ($3::uuid is null or l.link_id < $3)
     order by l.link_id desc limit $4`,
    [options.instanceId, options.hubId, options.before ?? null, options.limit],
  );
  return rows.map(linkOf);
}

export interface LinkWithHub {
  readonly linkId: string;
  readonly hubId: string;
  readonly hubName: string;
  readonly hubSlug: string;
}

/** The link that a code names, with its hub's public name; undefined when there is none. */
export async function findLink(tx: Tx, instanceId: string, code: string): Promise<LinkWithHub | undefined> {
  const [row] = await rowsOf<{ link_id: string; hub_id: string; name: string; slug: string }>(
    tx,
    `select l.link_id, l.hub_id, e.name, e.slug from referral_links l
     join enterprises e on e.instance_id = l.instance_id and e.enterprise_id = l.hub_id
     where l.instance_id = $1 and l.code = $2`,
    [instanceId, code],
  );
  return row && { linkId: row.link_id, hubId: row.hub_id, hubName: row.name, hubSlug: row.slug };
}

/** Records that a buyer used a link; returns when they first did, which stands. */
export async function keepUse(
  tx: Tx,
  use: { instanceId: string; linkId: string; buyer: BuyerRef; usedAt: Date; usedBy: string },
): Promise<string> {
  const [row] = await rowsOf<{ used_at: Date }>(
    tx,
    `insert into referral_link_uses as u (instance_id, link_id, buyer_kind, buyer_id, used_at, used_by)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (instance_id, link_id, buyer_kind, buyer_id) do update set used_at = u.used_at
     returning used_at`,
    [use.instanceId, use.linkId, use.buyer.kind, use.buyer.id, use.usedAt, use.usedBy],
  );
  if (!row) throw new Error('a use of a link was neither kept nor found');
  return row.used_at.toISOString();
}
