import { useTranslation } from 'react-i18next';
import { Page } from '../shell/page.js';
import { HubCards } from './hub-cards.js';

/** The shops of this network: where a buyer begins. */
export function ShopsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('home.title')} lead={t('home.lead')}>
      <HubCards />
    </Page>
  );
}
