import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { Page } from './page.js';
import { Problem } from './states.js';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')} lead={t('notFound.text')}>
      <Button component={Link} to="/" variant="light" w="fit-content">
        {t('nav.shops')}
      </Button>
    </Page>
  );
}

/** A bug in a page: said so, with the way back; the other pages keep working. */
export function BrokenPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Page title={t('problem.internal-error')}>
      <Problem error={error} retry={() => window.location.reload()} />
    </Page>
  );
}
