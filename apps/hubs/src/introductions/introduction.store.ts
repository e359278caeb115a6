import type { BuyerRef, IntroductionState } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface StoredIntroduction {
  readonly introductionId: string;
  readonly hubId: string;
  readonly producerId: string;
  readonly buyer: BuyerRef;
  readonly state: IntroductionState;
  readonly proposedAt: string;
  readonly answeredAt: string | null;
}

interface IntroductionRow {
  introduction_id: string;
  hub_id: string;
  producer_id: string;
  buyer_kind: BuyerRef['kind'];
  buyer_id: string;
  state: IntroductionState;
  proposed_at: Date;
  answered_at: Date | null;
}

const COLUMNS = 'introduction_id, hub_id, producer_id, buyer_kind, buyer_id, state, proposed_at, answered_at';

function introductionOf(row: IntroductionRow): StoredIntroduction {
  return {
    introductionId: row.introduction_id,
    hubId: row.hub_id,
    producerId: row.producer_id,
    buyer: { kind: row.buyer_kind, id: row.buyer_id },
    state: row.state,
    proposedAt: row.proposed_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
  };
}

/** Adds a proposal. Breaks `introductions_once` when the same one waits or was accepted. */
export async function insertIntroduction(
  tx: Tx,
  introduction: StoredIntroduction,
  { instanceId, proposedBy }: { instanceId: string; proposedBy: string },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into introductions (introduction_id, hub_id, producer_id, buyer_kind, buyer_id, state, proposed_at,
       instance_id, proposed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      introduction.introductionId,
      introduction.hubId,
      introduction.producerId,
      introduction.buyer.kind,
      introduction.buyer.id,
      introduction.state,
      introduction.proposedAt,
      instanceId,
      proposedBy,
    ],
  );
}

/** An introduction, its row locked; undefined when there is none. */
export async function lockIntroduction(
  tx: Tx,
  instanceId: string,
  introductionId: string,
): Promise<StoredIntroduction | undefined> {
  const [row] = await rowsOf<IntroductionRow>(
    tx,
    `select ${COLUMNS} from introductions where instance_id = $1 and introduction_id = $2 for update`,
    [instanceId, introductionId],
  );
  return row && introductionOf(row);
}

/** Writes a producer's answer. */
export async function answerIntroduction(
  tx: Tx,
  answer: { introductionId: string; state: IntroductionState; answeredAt: Date; answeredBy: string },
): Promise<void> {
  await rowsOf(
    tx,
    `update introductions set state = $2, answered_at = $3, answered_by = $4 where introduction_id = $1`,
    [answer.introductionId, answer.state, answer.answeredAt, answer.answeredBy],
  );
}

/** Introductions to a producer, newest first, after the id that ended the page before. */
export async function listIntroductions(
  tx: Tx,
  options: { instanceId: string; producerId: string; before?: string; limit: number },
): Promise<StoredIntroduction[]> {
  const rows = await rowsOf<IntroductionRow>(
    tx,
    `select ${COLUMNS} from introductions
     where instance_id = $1 and producer_id = $2 and ($3::uuid is null or introduction_id < $3)
     order by introduction_id desc limit $4`,
    [options.instanceId, options.producerId, options.before ?? null, options.limit],
  );
  return rows.map(introductionOf);
}
