import type { LedgerAccount } from '@foodshed/contracts';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Fact } from './home-card.js';

/** What somebody has on their accounts, by currency. */
export function BalanceFact(props: {
  label: string;
  to: string;
  ownerKind: 'person' | 'enterprise';
  ownerId: string;
}) {
  const format = useFormat();
  const { ownerKind, ownerId } = props;
  const accounts = useThing<{ items: LedgerAccount[] }>('/accounts', { ownerKind, ownerId });
  return (
    <Fact label={props.label} to={props.to} query={accounts}>
      {({ items }) => {
        const sums = new Map<string, number>();
        const earned = items.filter(({ account }) => ['pending', 'available'].includes(account.purpose));
        for (const { account, standingMinor } of earned) {
          sums.set(account.currency, (sums.get(account.currency) ?? 0) + standingMinor);
        }
        return [...sums].map(([currency, minor]) => format.money(minor, currency)).join(' · ') || '–';
      }}
    </Fact>
  );
}
