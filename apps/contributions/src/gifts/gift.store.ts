import type { GiftSource, GiftState, GiverRef, ReceiverRef } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { GiftHolder, Part } from './gift.rules.js';

/** A gift as it is kept; instants are ISO. */
export interface Gift {
  readonly instanceId: string;
  readonly giftId: string;
  readonly giver: GiverRef;
  readonly receiver: ReceiverRef;
  /** Of an enterprise or a pitch; people's names are not kept here. */
  readonly receiverName: string | null;
  readonly state: GiftState;
  readonly amountMinor: number;
  readonly platformPartMinor: number;
  readonly currency: string;
  readonly source: GiftSource;
  readonly hubId: string | null;
  readonly holder: GiftHolder | null;
  readonly isUnnamed: boolean;
  readonly message: string;
  readonly answer: string | null;
  readonly answeredAt: string | null;
  readonly givenBy: string;
  readonly promisedAt: string;
  /** When the ledger was asked first; null before the money came. */
  readonly givenAt: string | null;
  readonly transactionId: string | null;
  /** The gift of which this gives back its giver's part, or null; who gets it back is hidden where they stayed unnamed. */
  readonly returns: string | null;
  readonly hidesReceiver: boolean;
  /** In the receiver's order, adding up to `amountMinor`. */
  readonly parts: readonly Part[];
}

const GIFT = `select g.instance_id as "instanceId", g.gift_id as "giftId",
    jsonb_build_object('kind', g.giver_kind, 'id', g.giver_id) as giver,
    jsonb_build_object('kind', g.receiver_kind, 'id', g.receiver_id) as receiver, g.receiver_name as "receiverName",
    g.state, g.amount_minor as "amountMinor", g.platform_part_minor as "platformPartMinor", g.currency, g.source,
    g.hub_id as "hubId", g.holder, g.is_unnamed as "isUnnamed", g.message, g.answer, g.answered_at as "answeredAt",
    g.given_by as "givenBy", g.promised_at as "promisedAt", g.given_at as "givenAt",
    g.transaction_id as "transactionId", g.returns, g.hides_receiver as "hidesReceiver", p.parts
  from gifts g cross join lateral (
    select jsonb_agg(jsonb_build_object('kind', q.payee_kind, 'id', q.payee_id, 'weight', q.weight,
      'amountMinor', q.amount_minor) order by q.position) as parts
    from gift_parts q where q.gift_id = g.gift_id and q.instance_id = g.instance_id) p`;

/** Adds a gift with its parts. */
export async function insertGift(tx: Tx, gift: Gift): Promise<void> {
  const { giver, receiver } = gift;
  await rowsOf(
    tx,
    `insert into gifts (instance_id, gift_id, giver_kind, giver_id, receiver_kind, receiver_id, receiver_name, state,
       amount_minor, platform_part_minor, currency, source, hub_id, is_unnamed, message, given_by, promised_at, given_at,
       returns, hides_receiver)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
    [
      gift.instanceId,
      gift.giftId,
      giver.kind,
      giver.id,
      receiver.kind,
      receiver.id,
      gift.receiverName,
      gift.state,
      gift.amountMinor,
      gift.platformPartMinor,
      gift.currency,
      gift.source,
      gift.hubId,
      gift.isUnnamed,
      gift.message,
      gift.givenBy,
      gift.promisedAt,
      gift.givenAt,
      gift.returns,
      gift.hidesReceiver,
    ],
  );
  await rowsOf(
    tx,
    `insert into gift_parts (instance_id, gift_id, position, payee_kind, payee_id, weight, amount_minor)
     select $1, $2, position, kind, id, weight, amount_minor
     from unnest($3::text[], $4::uuid[], $5::int[], $6::bigint[]) with ordinality
       as p(kind, id, weight, amount_minor, position)`,
    [
      gift.instanceId,
      gift.giftId,
      gift.parts.map(({ kind }) => kind),
      gift.parts.map(({ id }) => id),
      gift.parts.map(({ weight }) => weight),
      gift.parts.map(({ amountMinor }) => amountMinor),
    ],
  );
}

/** Writes what moves of a gift: its state, what came of it and in whose hands, and the parts it makes. */
export async function saveGift(tx: Tx, gift: Gift): Promise<void> {
  await rowsOf(
    tx,
    `update gifts set state = $2, amount_minor = $3, platform_part_minor = $4, holder = $5, given_at = $6,
       transaction_id = $7 where gift_id = $1`,
    [
      gift.giftId,
      gift.state,
      gift.amountMinor,
      gift.platformPartMinor,
      gift.holder,
      gift.givenAt,
      gift.transactionId,
    ],
  );
  await rowsOf(
    tx,
    `update gift_parts q set amount_minor = p.amount_minor
     from unnest($2::bigint[]) with ordinality as p(amount_minor, position)
     where q.gift_id = $1 and q.position = p.position and q.amount_minor <> p.amount_minor`,
    [gift.giftId, gift.parts.map(({ amountMinor }) => amountMinor)],
  );
}

/** The gift, locked where asked for, or null. */
export async function findGift(tx: Tx, giftId: string, { lock = false } = {}): Promise<Gift | null> {
  const [row] = await rowsOf<Gift>(tx, `${GIFT} where g.gift_id = $1${lock ? ' for update of g' : ''}`, [
    giftId,
  ]);
  return row ? withIsoInstants(row) : null;
}

/** A page of what these gave, and a whole instance where given, before an id, newest first. */
export async function findGiven(
  tx: Tx,
  page: { giverIds: readonly string[]; instanceId: string | null; before: string | null; limit: number },
): Promise<Gift[]> {
  const rows = await rowsOf<Gift>(
    tx,
    `${GIFT} where (g.giver_id = any($1) or (g.giver_id = $2 and g.giver_kind = 'instance'))
       and ($3::uuid is null or g.gift_id < $3)
     order by g.gift_id desc limit $4`,
    [page.giverIds, page.instanceId, page.before, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** A page of an instance's promises after an id, oldest first: cash of these hubs, and transfers where asked for. */
export async function findPromised(
  tx: Tx,
  page: {
    instanceId: string;
    hubIds: readonly string[];
    withTransfers: boolean;
    after: string | null;
    limit: number;
  },
): Promise<Gift[]> {
  const rows = await rowsOf<Gift>(
    tx,
    `${GIFT} where g.instance_id = $1 and g.state = 'promised' and (g.hub_id = any($2) or ($3 and g.source = 'transfer'))
       and ($4::uuid is null or g.gift_id > $4)
     order by g.gift_id limit $5`,
    [page.instanceId, page.hubIds, page.withTransfers, page.after, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** A page of an instance's gifts that the ledger was asked for, after an id, in order of id. */
export async function findAsked(
  tx: Tx,
  page: { instanceId: string; after: string | null; limit: number },
): Promise<Gift[]> {
  const rows = await rowsOf<Gift>(
    tx,
    `${GIFT} where g.instance_id = $1 and g.given_at is not null and ($2::uuid is null or g.gift_id > $2)
     order by g.gift_id limit $3`,
    [page.instanceId, page.after, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** Gifts of any instance that the ledger was asked for before an instant and that wait for its answer, oldest first. */
export async function findWaiting(
  tx: Tx,
  { before, limit }: { before: Date; limit: number },
): Promise<Gift[]> {
  const rows = await rowsOf<Gift>(
    tx,
    `${GIFT} where g.state = 'posting' and g.given_at < $1 order by g.given_at, g.gift_id limit $2`,
    [before, limit],
  );
  return rows.map(withIsoInstants);
}

/**
 * Removes the words of people who are erased: what they wrote, what was written to them, and answers to them. Amounts
 * and ids stay.
 */
export async function eraseWords(tx: Tx, personIds: readonly string[]): Promise<void> {
  await rowsOf(
    tx,
    `update gifts set message = '' where message <> '' and (given_by = any($1)
       or (giver_kind = 'person' and giver_id = any($1)) or (receiver_kind = 'person' and receiver_id = any($1)))`,
    [personIds],
  );
  await rowsOf(
    tx,
    `update gifts set answer = null where answer is not null and (answered_by = any($1) or given_by = any($1)
       or (giver_kind = 'person' and giver_id = any($1)))`,
    [personIds],
  );
}

function withIsoInstants(row: Gift): Gift {
  const iso = (at: string | null): string | null => at && new Date(at).toISOString();
  return {
    ...row,
    promisedAt: iso(row.promisedAt)!,
    givenAt: iso(row.givenAt),
    answeredAt: iso(row.answeredAt),
  };
}
