import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useSession } from '../api/session.js';
import { PayeeSection, useIsPayeeThere } from '../payouts/payee.js';
import { TillSection } from '../payouts/till.js';
import { AccountBook, useAccounts, useEntries } from '../shell/account-book.js';
import { Page } from '../shell/page.js';
import { Loaded, Loading } from '../shell/states.js';

/** The manager's own commission, and the hub's till, fees and what no manager holds. */
export function CommissionPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const personId = useSession().person!.personId;
  // All is shown at once: the second book must not move when the first one's entries come.
  const [own, ofHub] = [useAccounts('person', personId), useAccounts('enterprise', hubId!)];
  const first = own.data?.items[0];
  const entries = useEntries(first);
  const areOwn = useIsPayeeThere({ ownerKind: 'person', ownerId: personId });
  const areHubs = useIsPayeeThere({ ownerKind: 'enterprise', ownerId: hubId! });
  const isWaiting = ofHub.isPending || !areOwn || !areHubs || (first !== undefined && entries.isPending);
  return (
    <Page title={t('commission.title')} lead={t('commission.lead')}>
      <Loaded query={own}>
        {() =>
          isWaiting ? (
            <Loading />
          ) : (
            <Stack gap="xl">
              <section>
                <Title order={2} size="h4" mb="xs">
                  {t('commission.mine')}
                </Title>
                <AccountBook ownerKind="person" ownerId={personId} none={t('commission.noneMine')} />
                <PayeeSection ownerKind="person" ownerId={personId} />
              </section>
              <section>
                <Title order={2} size="h4" mb="xs">
                  {t('commission.hubs')}
                </Title>
                <AccountBook ownerKind="enterprise" ownerId={hubId!} none={t('commission.noneHub')} />
                <TillSection hubId={hubId!} />
                <PayeeSection ownerKind="enterprise" ownerId={hubId!} />
              </section>
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
