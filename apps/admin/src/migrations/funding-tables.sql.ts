/** What the read model keeps of pledges, by the state each is in now, and of gifts. Nobody is named in either. */
export const fundingTables = `
  create table dashboard_pledges (
    instance_id uuid not null,
    pledge_id uuid not null,
    pitch_id uuid not null,
    currency text not null,
    amount_minor bigint not null,
    state text not null,
    changed_on date not null,
    changed_at timestamptz not null,
    event_id uuid not null,
    primary key (instance_id, pledge_id)
  );
  create table dashboard_gifts (
    instance_id uuid not null,
    gift_id uuid not null,
    currency text not null,
    amount_minor bigint not null,
    platform_part_minor bigint not null,
    given_on date not null,
    primary key (instance_id, gift_id)
  );
`;
