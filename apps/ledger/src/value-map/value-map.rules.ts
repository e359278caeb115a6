import {
  DomainError,
  hasRole,
  managesEnterprise,
  type AccountRef,
  type Caller,
  type MapArrow,
  type MapLevel,
  type MapParty,
} from '@foodshed/contracts';

/** Below so many enterprises or people behind one end of an arrow, the public is not told how much it is. */
const FEWEST_TOGETHER = 3;
const LONGEST_PUBLIC_YEARS = 10;

type Account = AccountRef['owner'] & { readonly purpose: AccountRef['purpose'] };

/** Entries of one sort, added up; as the store reads them. */
export interface FlowSum {
  readonly producerId: string | null;
  readonly payer: Account | null;
  readonly payee: Account | null;
  readonly currency: string;
  readonly line: MapArrow['line'];
  readonly shareId: string | null;
  readonly amountMinor: number;
  readonly entries: number;
}

/** One end of a flow before anything is put together; `id` tells people apart too, and never leaves the service. */
interface End {
  readonly kind: MapParty['kind'];
  readonly id: string | null;
  readonly role: 'producer' | 'hub' | null;
}

/** The one hub of each manager; who runs several is not in it. */
export type HubOf = ReadonlyMap<string, string>;

/** What a map is asked for. */
export interface MapView {
  readonly level: MapLevel;
  readonly enterpriseId?: string | undefined;
  readonly unit: string;
}

/** An arrow with the flows that it adds up. */
export interface DrawnArrow<F extends FlowSum> extends MapArrow {
  readonly flows: readonly F[];
}

/** What the caller may see of the map: everything, an enterprise of theirs, or what is public. @throws forbidden */
export function reachOf(
  caller: Caller,
  { level, enterpriseId }: { level: MapLevel; enterpriseId?: string | undefined },
): 'everything' | 'own' | 'public' {
  if (hasRole(caller, 'steward')) return 'everything';
  if (enterpriseId !== undefined && managesEnterprise(caller, enterpriseId)) return 'own';
  if (enterpriseId === undefined && level === 'functions') return 'public';
  throw new DomainError('forbidden', {
    detail:
      'Only stewards, and for an enterprise its managers, may see what single enterprises bring and get.',
  });
}

const dateOf = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/**
 * The months that the public asks for; the last one that is over when it names none. Whole months that are over, so
 * that nobody learns of a day by taking one period from another. @throws invalid-input for other periods
 */
export function publicMonths(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string,
): { from: string; to: string } {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const asked = { from: from ?? dateOf(year, month - 2, 1), to: to ?? dateOf(year, month - 1, 0) };
  const [toYear = 0, toMonth = 0] = asked.to.split('-').map(Number);
  const wrong = [
    ...(asked.from.endsWith('-01') ? [] : [{ path: 'from', message: 'must be the first day of a month' }]),
    ...(asked.from > dateOf(toYear - LONGEST_PUBLIC_YEARS, toMonth - 1, 1)
      ? []
      : [{ path: 'from', message: 'must be within ten years of the last day' }]),
    ...(asked.to === dateOf(toYear, toMonth, 0) && asked.to < today
      ? []
      : [{ path: 'to', message: 'must be the last day of a month that is over' }]),
  ];
  if (wrong.length === 0) return asked;
  throw new DomainError('invalid-input', {
    detail: 'Only stewards may look at less than a month, or at the present one.',
    fields: wrong,
  });
}

/** Each month of a run of whole months, in order. */
export function monthsOf({ from, to }: { from: string; to: string }): { from: string; to: string }[] {
  const months = [];
  for (let first = from; first < to;) {
    const [year = 0, month = 0] = first.split('-').map(Number);
    months.push({ from: first, to: dateOf(year, month, 0) });
    first = dateOf(year, month, 1);
  }
  return months;
}

function endOf(account: Account, hubOf: HubOf, isShare: boolean): End {
  if (account.kind === 'enterprise')
    return { kind: 'enterprise', id: account.id, role: isShare ? 'hub' : null };
  if (account.kind === 'pitch') return { kind: 'pitches', id: account.id, role: null };
  if (account.kind === 'person') {
    if (!isShare) return { kind: 'people', id: account.id, role: null };
    const hubId = hubOf.get(account.id);
    return hubId
      ? { kind: 'enterprise', id: hubId, role: 'hub' }
      : { kind: 'managers', id: account.id, role: 'hub' };
  }
  const { purpose } = account;
  const kind =
    purpose === 'administration' || purpose === 'payment-costs' || purpose === 'developing'
      ? purpose
      : 'outside';
  return { kind, id: null, role: null };
}

const buyers: End = { kind: 'buyers', id: null, role: null };

/** Who gave and who got a flow: a share comes out of what buyers paid the producer, so it comes from the producer. */
function endsOf(flow: FlowSum, hubOf: HubOf): { giver: End; receiver: End } {
  const producer: End = { kind: 'enterprise', id: flow.producerId, role: 'producer' };
  if (flow.line === 'money') return { giver: buyers, receiver: producer };
  const isShare = flow.line === 'share' || flow.line === 'vat';
  const isHubs = isShare || flow.line === 'hub-fee';
  const nobody: End = { kind: 'outside', id: null, role: null };
  const receiver = flow.payee ? endOf(flow.payee, hubOf, isHubs) : nobody;
  if (isHubs) return { giver: isShare ? producer : buyers, receiver };
  return { giver: flow.payer ? endOf(flow.payer, hubOf, false) : nobody, receiver };
}

/** The party that an end belongs to on a map of this level, where enterprises are known by the roles they have in it. */
function partyOf(end: End, level: MapLevel, roles: ReadonlyMap<string, Set<string>>): MapParty {
  if (end.kind === 'managers') return { kind: level === 'functions' ? 'hubs' : 'managers', id: null };
  if (end.kind !== 'enterprise') return { kind: end.kind, id: null };
  const known = [...(roles.get(end.id ?? '') ?? [])];
  const shown = level === 'hubs' ? 'hub' : level === 'producers' ? 'producer' : null;
  const role = end.role ?? (shown && known.includes(shown) ? shown : known.length === 1 ? known[0]! : null);
  if (role !== null && role === shown) return { kind: 'enterprise', id: end.id };
  return { kind: role === null ? 'enterprises' : role === 'hub' ? 'hubs' : 'producers', id: null };
}

const textOf = ({ kind, id }: MapParty): string => (id === null ? kind : `${kind}:${id}`);

/** Whether an arrow has this giver, receiver and reason. */
export function isArrow(
  arrow: MapArrow,
  asked: { giver: MapParty; receiver: MapParty; line: string; shareId?: string | undefined },
): boolean {
  return (
    textOf(arrow.from) === textOf(asked.giver) &&
    textOf(arrow.to) === textOf(asked.receiver) &&
    arrow.line === asked.line &&
    arrow.shareId === (asked.shareId ?? null)
  );
}

/**
 * The arrows of a map, the greatest first: flows from one party to another for one reason added up. What stays with
 * one owner is no arrow; arrows between two of a group (a gift of one hub to another) are.
 */
export function arrowsOf<F extends FlowSum>(
  flows: readonly F[],
  { level, enterpriseId, unit }: MapView,
  hubOf: HubOf,
): DrawnArrow<F>[] {
  const told = flows
    .filter(({ currency }) => currency === unit)
    .map((flow) => ({ flow, ...endsOf(flow, hubOf) }))
    .filter(({ giver, receiver }) => giver.kind !== receiver.kind || giver.id !== receiver.id);
  const roles = new Map<string, Set<string>>();
  for (const { giver, receiver } of told) {
    for (const { id, role } of [giver, receiver]) {
      if (id !== null && role !== null) roles.set(id, (roles.get(id) ?? new Set()).add(role));
    }
  }
  const isOwn = (end: End): boolean => end.kind === 'enterprise' && end.id === enterpriseId;
  const shown = (end: End, line: MapArrow['line']): MapParty => {
    if (enterpriseId === undefined || end.kind !== 'enterprise') {
      return partyOf(end, enterpriseId === undefined ? level : 'hubs', roles);
    }
    // Whoever gives may stay unnamed, which the ledger does not know: gifts are shown from all others together.
    return line === 'gift' && !isOwn(end)
      ? { kind: 'enterprises', id: null }
      : { kind: end.kind, id: end.id };
  };
  return together(
    told
      .filter(({ giver, receiver }) => enterpriseId === undefined || isOwn(giver) || isOwn(receiver))
      .map(({ flow, giver, receiver }) => ({
        from: shown(giver, flow.line),
        to: shown(receiver, flow.line),
        line: flow.line,
        shareId: flow.shareId,
        amountMinor: flow.amountMinor,
        entries: flow.entries,
        flows: [flow],
      })),
  );
}

/** Arrows with the same ends and reason as one, the greatest first. */
export function together<F extends FlowSum>(arrows: readonly DrawnArrow<F>[]): DrawnArrow<F>[] {
  const sums = new Map<string, DrawnArrow<F> & { flows: F[] }>();
  for (const arrow of arrows) {
    const key = [textOf(arrow.from), textOf(arrow.to), arrow.line, arrow.shareId ?? ''].join(' ');
    const sum = sums.get(key);
    if (sum) {
      sum.amountMinor += arrow.amountMinor;
      sum.entries += arrow.entries;
      sum.flows.push(...arrow.flows);
    } else sums.set(key, { ...arrow, flows: [...arrow.flows] });
  }
  return [...sums.entries()]
    .sort(([a, one], [b, other]) => other.amountMinor - one.amountMinor || (a < b ? -1 : 1))
    .map(([, sum]) => sum);
}

/**
 * The arrows of a month that tell the public of nobody in particular: behind each end that is a group there are enough.
 * Of several months, what each of them shows is added up: one could be taken from the other.
 */
export function publicArrows<F extends FlowSum>(
  arrows: readonly DrawnArrow<F>[],
  hubOf: HubOf,
): { arrows: DrawnArrow<F>[]; isWithheld: boolean } {
  const isEnough = (party: MapParty, ids: Set<string | null>): boolean =>
    !['producers', 'hubs', 'enterprises', 'people'].includes(party.kind) || ids.size >= FEWEST_TOGETHER;
  const shown = arrows.filter(({ from, to, flows }) => {
    const ends = flows.map((flow) => endsOf(flow, hubOf));
    return (
      isEnough(from, new Set(ends.map(({ giver }) => giver.id))) &&
      isEnough(to, new Set(ends.map(({ receiver }) => receiver.id)))
    );
  });
  return { arrows: shown, isWithheld: shown.length < arrows.length };
}

interface Sum {
  readonly producerId: string | null;
  readonly payerId: string | null;
  readonly accountId: string;
  readonly line: string;
  readonly shareId: string | null;
  readonly amountMinor: number;
  readonly entries: number;
}

/** Lists of sums as one: of each giver, receiver and reason one sum. */
export function addUp<S extends Sum>(lists: readonly (readonly S[])[]): S[] {
  const sums = new Map<string, S>();
  for (const flow of lists.flat()) {
    const key = [flow.producerId, flow.payerId, flow.accountId, flow.line, flow.shareId].join(' ');
    const { amountMinor = 0, entries = 0 } = sums.get(key) ?? {};
    sums.set(key, { ...flow, amountMinor: amountMinor + flow.amountMinor, entries: entries + flow.entries });
  }
  return [...sums.values()];
}
