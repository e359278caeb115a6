import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.js';
import { Page } from '../shell/page.js';
import { BuyingCard } from './buying-card.js';
import { DevelopingCard } from './developing-card.js';
import { GivingCard } from './giving-card.js';
import { HostingCard } from './hosting-card.js';
import { OperatingCard } from './operating-card.js';
import { ProducingCard } from './producing-card.js';
import { StewardingCard } from './stewarding-card.js';

/** Where people land: a card for each thing they are, work before shopping, and most are several. */
export function HomePage() {
  const { t } = useTranslation();
  const { person, enterprises, roles } = useSession();
  return (
    <Page title={t('home.welcome', { name: person?.displayName ?? '' })} lead={t('home.welcomeLead')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} className="cards">
        {roles.includes('operator') && <OperatingCard />}
        {roles.length > 0 && <StewardingCard />}
        {enterprises
          .filter(({ isHub }) => isHub)
          .map((enterprise) => (
            <HostingCard key={enterprise.enterpriseId} enterprise={enterprise} />
          ))}
        {enterprises
          .filter(({ isProducer }) => isProducer)
          .map((enterprise) => (
            <ProducingCard key={enterprise.enterpriseId} enterprise={enterprise} />
          ))}
        <BuyingCard />
        <GivingCard />
        <DevelopingCard />
      </SimpleGrid>
    </Page>
  );
}
