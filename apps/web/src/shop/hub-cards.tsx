import type { Enterprise } from '@foodshed/contracts';
import { Anchor, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList } from '../api/lists.js';
import { More } from '../shell/more.js';
import { Loaded, Nothing } from '../shell/states.js';

function HubCard({ hub }: { hub: Enterprise }) {
  const { t } = useTranslation();
  return (
    <Paper component="article">
      <Stack justify="space-between" h="100%">
        <div>
          <Title order={3} size="h4">
            <Anchor component={Link} to={`/hubs/${hub.enterpriseId}`} inherit c="inherit">
              {hub.name}
            </Anchor>
          </Title>
          <Text size="sm" c="dimmed">
            {hub.place?.town}
          </Text>
          <Text size="sm" mt="xs" lineClamp={3}>
            {hub.description}
          </Text>
        </div>
        <Group>
          <Button
            component={Link}
            to={`/hubs/${hub.enterpriseId}`}
            variant="light"
            aria-label={t('home.visitNamed', { name: hub.name })}
          >
            {t('home.visit')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

/** The hubs of the network, each with the way into its shop. */
export function HubCards() {
  const { t } = useTranslation();
  const list = useList<Enterprise>('/hubs');
  return (
    <>
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t('home.none')}>{t('home.noneNext')}</Nothing>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {list.items!.map((hub) => (
                <HubCard key={hub.enterpriseId} hub={hub} />
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <More list={list} />
    </>
  );
}
