import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useSession } from '../api/session.js';
import { AccountBook } from '../shell/account-book.js';
import { Page } from '../shell/page.js';

/** The manager's own commission, and the hub's till, fees and what no manager holds. */
export function CommissionPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const { person } = useSession();
  return (
    <Page title={t('commission.title')} lead={t('commission.lead')}>
      <Stack gap="xl">
        <section>
          <Title order={2} size="h4" mb="xs">
            {t('commission.mine')}
          </Title>
          {person && (
            <AccountBook ownerKind="person" ownerId={person.personId} none={t('commission.noneMine')} />
          )}
        </section>
        <section>
          <Title order={2} size="h4" mb="xs">
            {t('commission.hubs')}
          </Title>
          <AccountBook ownerKind="enterprise" ownerId={hubId!} none={t('commission.noneHub')} />
        </section>
      </Stack>
    </Page>
  );
}
