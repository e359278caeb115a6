import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Page } from '../shell/page.js';
import { ReferralTable } from '../shell/referral-table.js';

/** Which hub brought which customer: what the producer pays commission for, and why. */
export function ProducerReferralsPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  return (
    <Page title={t('producerReferrals.title')} lead={t('producerReferrals.lead')}>
      <ReferralTable
        path={`/producers/${producerId}/referrals`}
        side="producer"
        noneNext={t('producerReferrals.noneNext')}
      />
    </Page>
  );
}
