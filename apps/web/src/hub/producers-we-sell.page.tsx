import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Page } from '../shell/page.js';
import { Agreements } from '../supply/agreements.js';
import { ProposalForm } from '../supply/proposal-form.js';

/** Whose goods the hub may sell; it asks others here, and answers their offers. */
export function ProducersWeSellPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  return (
    <Page title={t('supply.title.hub')} lead={t('supply.lead.hub')}>
      <ProposalForm side="hub" enterpriseId={hubId!} />
      <Agreements side="hub" enterpriseId={hubId!} />
    </Page>
  );
}
