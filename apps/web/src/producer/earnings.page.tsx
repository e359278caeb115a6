import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { AccountBook } from '../shell/account-book.js';
import { Page } from '../shell/page.js';

/** What a producer has earned, entry by entry; each leads to its order and the arithmetic. */
export function EarningsPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  return (
    <Page title={t('earnings.title')} lead={t('earnings.lead')}>
      <AccountBook ownerKind="enterprise" ownerId={producerId!} none={t('earnings.none')} />
    </Page>
  );
}
