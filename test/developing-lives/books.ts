import { Pool } from 'pg';

const purposeOf = (kind: string): string =>
  `case when ${kind} <> 'instance' then 'pending' when source = 'administration' then 'administration' else 'developing' end`;

/** Of an owner and purpose: what the two functions say that came to them less what they gave, once the ledger has it. */
const CAME = `
  select instance_id, kind, id, purpose, sum(minor)::bigint as minor from (
    select q.instance_id, q.kind, q.payee_id as id, 'pending' as purpose, q.amount_minor as minor, 'pitch-payout:' || q.payout_id as key
    from developers.payout_parts q
    union all
    select instance_id, funder_kind, funder_id, ${purposeOf('funder_kind')}, received_minor, 'pledge-receipt:' || pledge_id
    from developers.pledges where received_minor is not null
    union all
    select instance_id, funder_kind, funder_id, ${purposeOf('funder_kind')}, -escrow_minor, 'hold-resolution:' || pledge_id
    from developers.pledges where state in ('paying', 'paid')
    union all
    select q.instance_id, q.payee_kind, q.payee_id, 'pending', q.amount_minor, 'gift:' || q.gift_id from contributions.gift_parts q
    union all
    select instance_id, 'instance', instance_id, 'administration', platform_part_minor, 'gift:' || gift_id from contributions.gifts
    union all
    select instance_id, giver_kind, giver_id, ${purposeOf('giver_kind')}, -amount_minor - platform_part_minor, 'gift:' || gift_id
    from contributions.gifts where holder is null
  ) m where exists (select from ledger.transactions x where x.business_key = m.key and x.instance_id = m.instance_id)
  group by 1, 2, 3, 4`;

/** What must be true of the books of developers, contributions and ledger together, as queries that find what is not. */
const FAULTS: Readonly<Record<string, string>> = {
  'an account stands where no money of pledges and gifts belongs': `
    select instance_id, owner_kind, purpose, balance_minor from ledger.accounts a where balance_minor <> 0 and not (
      (owner_kind = 'instance' and purpose in ('bank', 'developing', 'administration'))
      or (owner_kind = 'enterprise' and purpose = 'till')
      or (owner_kind in ('person', 'enterprise') and purpose = 'pending'))`,
  'an instance’s books do not add up to zero': `
    select instance_id, currency, sum(balance_minor) from ledger.accounts
    group by instance_id, currency having sum(balance_minor) <> 0`,
  'a giver’s account is below what is held on it': `
    select id, balance_minor, reserved_minor from ledger.accounts
    where reserved_minor > 0 and -balance_minor < reserved_minor`,
  'an open hold is not the escrow of its pledge: giver, pitch, refund-to, deadline and amount': `
    select h.id from ledger.holds h
    join ledger.accounts a on a.id = h.account_id join ledger.accounts p on p.id = h.payee_id
    left join developers.pledges g on g.pledge_id = h.id and g.instance_id = h.instance_id
    left join developers.pitches t on t.pitch_id = g.pitch_id
    where not exists (select from ledger.hold_resolutions r where r.hold_id = h.id)
      and (g.pledge_id is null or g.state not in ('placing', 'held', 'paying', 'returning')
        or a.owner_kind <> g.funder_kind or a.owner_id <> g.funder_id or h.refund_to_id <> h.account_id
        or p.owner_kind <> 'pitch' or p.owner_id <> g.pitch_id
        or h.deadline <> t.held_until or h.amount_minor <> g.escrow_minor)`,
  'a pledge says it is somewhere else than its money is': `
    select g.pledge_id, g.state, h.id as hold, r.outcome from developers.pledges g
    left join ledger.holds h on h.id = g.pledge_id and h.instance_id = g.instance_id
    left join ledger.hold_resolutions r on r.hold_id = h.id
    where case g.state
      when 'held' then h.id is null or r.outcome is not null
      when 'paid' then r.outcome is distinct from 'settled' or r.settled_minor <> g.escrow_minor
      when 'returned' then case when g.escrow_minor = 0 then h.id is not null else r.outcome is distinct from 'voided' end
      when 'placing' then r.outcome is not null
      when 'paying' then h.id is null or r.outcome in ('voided', 'expired')
      when 'returning' then h.id is null or r.outcome = 'settled'
      else h.id is not null end`,
  'a pitch holds more than its goal, or is funded with less': `
    select t.pitch_id, t.state, t.goal_minor, s.held from developers.pitches t
    cross join lateral (select coalesce(sum(escrow_minor) filter (where state in ('placing', 'held', 'paying', 'paid')), 0)
      as held from developers.pledges g where g.pitch_id = t.pitch_id) s
    where s.held > t.goal_minor
      or (t.state in ('funded', 'delivered', 'accepted', 'paid') and s.held <> t.goal_minor)`,
  'somebody has other than what came to them less what they gave': `
    select coalesce(m.id, a.owner_id) as id, m.purpose, m.minor, -a.balance_minor as has from (${CAME}) m
    full join (select * from ledger.accounts where purpose in ('pending', 'developing', 'administration') and owner_kind <> 'pitch') a
      on a.instance_id = m.instance_id and a.owner_kind = m.kind and a.owner_id = m.id and a.purpose = m.purpose
    where coalesce(m.minor, 0) <> -coalesce(a.balance_minor, 0)`,
  'a gift says it is somewhere else than its money is': `
    select g.gift_id, g.state, x.id as transaction from contributions.gifts g
    left join ledger.transactions x on x.business_key = 'gift:' || g.gift_id and x.instance_id = g.instance_id
    where case g.state when 'given' then x.id is distinct from g.transaction_id
      when 'promised' then x.id is not null when 'withdrawn' then x.id is not null end`,
  'what came and what is there differ': `
    select b.instance_id, b.minor, m.minor from (select instance_id, sum(balance_minor) as minor
      from ledger.accounts where purpose in ('bank', 'till') group by 1) b
    cross join lateral (select -sum(a.balance_minor) as minor from ledger.accounts a
      where a.instance_id = b.instance_id and a.purpose in ('pending', 'developing', 'administration')) m
    where b.minor <> m.minor`,
};

/** What is history once it is written, on either side: looking when all is over says it of every moment. */
const LASTING_FAULTS: Readonly<Record<string, string>> = {
  'a gift brought other than its parts': `
    select g.gift_id from contributions.gifts g where g.state = 'given' and (
      (select array_agg(row(q.payee_id, 'gift', q.amount_minor)::text order by q.payee_id)
        from contributions.gift_parts q where q.gift_id = g.gift_id and q.amount_minor > 0)
      || case when g.platform_part_minor > 0
        then array[row(g.instance_id, 'platform-part', g.platform_part_minor)::text] else '{}' end)
      is distinct from (select array_agg(row(a.owner_id, e.line, -e.amount_minor)::text
          order by e.line, case when e.line = 'gift' then a.owner_id end)
        from ledger.entries e join ledger.accounts a on a.id = e.account_id
        where e.transaction_id = g.transaction_id and e.amount_minor < 0)`,
};

/** Looks at all books of a system at one moment, again and again. */
export class Books {
  private constructor(private readonly pool: Pool) {}

  static open(url: string): Books {
    return new Books(new Pool({ connectionString: url, max: 4 }));
  }

  /** What is wrong at this moment, and when all is over also with what lasts; empty where every cent is with its giver, in escrow, or paid. */
  async faults({ isOver = false } = {}): Promise<string[]> {
    const faults = isOver ? { ...FAULTS, ...LASTING_FAULTS } : FAULTS;
    const client = await this.pool.connect();
    await client.query('begin isolation level repeatable read read only');
    try {
      const found: string[] = [];
      for (const [index, [fault, text]] of Object.entries(faults).entries()) {
        // By name: planning them anew costs as much as looking.
        const { rows } = await client.query({ name: `fault-${index}`, text });
        if (rows.length > 0) found.push(`${fault}: ${JSON.stringify(rows.slice(0, 3))}`);
      }
      return found;
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** What a pitch has that is held or being asked for. */
  async heldMinor(pitchId: string): Promise<number> {
    const { rows } = await this.pool.query<{ minor: string }>(
      `select coalesce(sum(escrow_minor), 0) as minor from developers.pledges
       where pitch_id = $1 and state in ('placing', 'held', 'paying')`,
      [pitchId],
    );
    return Number(rows[0]?.minor);
  }

  /** How many pitches ended in which state, and why. */
  async ends(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ name: string; count: number }>(
      `select concat_ws(' ', state, failed_because) as name, count(*)::int as count from developers.pitches
       group by 1 order by 1`,
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  /** How many gifts are in which state, and from where. */
  async gifts(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ name: string; count: number }>(
      `select concat_ws(' ', state, case state when 'given' then case when returns is null then source else 'back' end end) as name, count(*)::int as count
       from contributions.gifts group by 1 order by 1`,
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  /** For each paid pitch: its team's shares, and what each member got over all ledgers. */
  async payouts(): Promise<{ goal: number; shares: number[]; got: number[] }[]> {
    const { rows } = await this.pool.query<{ goal: string; shares: number[]; got: number[] }>(
      `select t.goal_minor as goal,
         array(select (m->>'shareBps')::int from jsonb_array_elements(t.team) m) as shares,
         array(select coalesce((select sum(q.amount_minor) from developers.payouts o
           join developers.payout_parts q on q.payout_id = o.payout_id
           where o.pitch_id = t.pitch_id and q.payee_id = (m->>'id')::uuid), 0)::int
           from jsonb_array_elements(t.team) m) as got
       from developers.pitches t where t.state = 'paid'`,
    );
    return rows.map((row) => ({ ...row, goal: Number(row.goal) }));
  }

  /** The functions' own books: what they say is in escrow now, over all instances. */
  async inEscrow(): Promise<number> {
    const { rows } = await this.pool.query<{ minor: string }>(
      'select coalesce(sum(change_minor), 0) as minor from developers.movements',
    );
    return Number(rows[0]?.minor);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
