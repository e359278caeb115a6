import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useSession } from '../api/session.js';
import { AccountBook, useAccounts } from '../shell/account-book.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';

/** The manager's own commission, and the hub's till, fees and what no manager holds. */
export function CommissionPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const personId = useSession().person!.personId;
  // Both are shown at once: the second must not move when the first one comes.
  const [own, ofHub] = [useAccounts('person', personId), useAccounts('enterprise', hubId!)];
  return (
    <Page title={t('commission.title')} lead={t('commission.lead')}>
      <Loaded query={ofHub.isPending ? ofHub : own}>
        {() => (
          <Stack gap="xl">
            <section>
              <Title order={2} size="h4" mb="xs">
                {t('commission.mine')}
              </Title>
              <AccountBook ownerKind="person" ownerId={personId} none={t('commission.noneMine')} />
            </section>
            <section>
              <Title order={2} size="h4" mb="xs">
                {t('commission.hubs')}
              </Title>
              <AccountBook ownerKind="enterprise" ownerId={hubId!} none={t('commission.noneHub')} />
            </section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
