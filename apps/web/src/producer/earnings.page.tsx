import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PayeeSection, useIsPayeeThere } from '../payouts/payee.js';
import { AccountBook, useAccounts, useEntries } from '../shell/account-book.js';
import { Page } from '../shell/page.js';
import { Loaded, Loading } from '../shell/states.js';

/** What a producer has earned, entry by entry; each leads to its order and the arithmetic. */
export function EarningsPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  // All is shown at once: what stands below must not move when the entries come.
  const accounts = useAccounts('enterprise', producerId!);
  const first = accounts.data?.items[0];
  const entries = useEntries(first);
  const isPayeeThere = useIsPayeeThere({ ownerKind: 'enterprise', ownerId: producerId! });
  const isWaiting = !isPayeeThere || (first !== undefined && entries.isPending);
  return (
    <Page title={t('earnings.title')} lead={t('earnings.lead')}>
      <Loaded query={accounts}>
        {() =>
          isWaiting ? (
            <Loading />
          ) : (
            <Stack>
              <AccountBook ownerKind="enterprise" ownerId={producerId!} none={t('earnings.none')} />
              <PayeeSection ownerKind="enterprise" ownerId={producerId!} />
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
