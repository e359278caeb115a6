import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Page } from '../shell/page.js';
import { Agreements } from '../supply/agreements.js';
import { ProposalForm } from '../supply/proposal-form.js';

/** Which hubs sell the producer's goods: requests to answer, offers, and the end of either. */
export function HubsThatSellPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  return (
    <Page title={t('supply.title.producer')} lead={t('supply.lead.producer')}>
      <ProposalForm side="producer" enterpriseId={producerId!} />
      <Agreements side="producer" enterpriseId={producerId!} />
    </Page>
  );
}
