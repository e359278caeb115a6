import type { OperationsView, ReconciliationView } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Fact, HomeCard } from './home-card.js';

/** For who operates the installation: whether everything runs, what waits or was put aside, and whether the books agree. */
export function OperatingCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const operations = useThing<OperationsView>('/system/operations');
  const comparisons = useThing<PageOf<ReconciliationView>>('/system/reconciliations', { limit: 1 });
  const attentionIf = (isBad: boolean): string | undefined => (isBad ? 'attention' : undefined);
  return (
    <HomeCard
      title={t('nav.operations')}
      role={t('role.operator')}
      icon={<IconActivity size={20} />}
      next={
        <Button component={Link} to="/operations" variant="light">
          {t('home.toOperations')}
        </Button>
      }
    >
      <Fact label={t('home.servicesReady')} to="/operations" query={operations}>
        {({ services }) => {
          const ready = services.filter(({ isReady }) => isReady).length;
          return (
            <span className={attentionIf(ready < services.length)}>
              {t('home.ofAll', { ready, count: services.length })}
            </span>
          );
        }}
      </Fact>
      <Fact label={t('home.messagesWait')} to="/operations" query={operations}>
        {({ consumers }) => format.number(consumers.reduce((sum, { waiting }) => sum + waiting, 0))}
      </Fact>
      <Fact label={t('operations.deadLetters')} to="/operations?tab=dead-letters" query={operations}>
        {({ deadLetters }) => (
          <span className={attentionIf(deadLetters > 0)}>{format.number(deadLetters)}</span>
        )}
      </Fact>
      <Fact label={t('operations.reconciliation')} to="/operations?tab=reconciliation" query={comparisons}>
        {({ items: [latest] }) =>
          latest ? (
            <span className={attentionIf(latest.state === 'differs' || latest.state === 'failed')}>
              {t(`reconciliation.${latest.state}`, { count: latest.differences })},{' '}
              {format.date(latest.requestedAt)}
            </span>
          ) : (
            <span className="attention">{t('home.neverCompared')}</span>
          )
        }
      </Fact>
      <Fact label={t('nav.audit')} to="/audit">
        {() => null}
      </Fact>
    </HomeCard>
  );
}
