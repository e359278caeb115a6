import type { Enterprise, InstanceView, LedgerHead, NetworkModelView, PitchView } from '@foodshed/contracts';
import {
  Anchor,
  Button,
  Container,
  Grid,
  Group,
  NativeSelect,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { chooseInstance, visitedInstance } from '../api/client.js';
import { type PageOf, useList, useThing } from '../api/lists.js';
import { modelInForce } from '../api/network-model.js';
import { useSession } from '../api/session.js';
import { PitchCard } from '../developing/board.page.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Loaded, Nothing } from '../shell/states.js';
import { HubCards } from '../shop/hub-cards.js';
import { ModelExamples } from './model-example.js';

const PITCHES_SHOWN = 3;

function Section(props: {
  id?: string;
  title: string;
  hint: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section id={props.id}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={2} size="h3">
              {props.title}
            </Title>
            <Text c="dimmed" maw={640}>
              {props.hint}
            </Text>
          </div>
          {props.actions}
        </Group>
        {props.children}
      </Stack>
    </section>
  );
}

/** A visitor may look at each network of the installation. */
function NetworkChoice({ instances }: { instances: InstanceView[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { person } = useSession();
  if (person || instances.length < 2) return null;
  return (
    <NativeSelect
      aria-label={t('start.network')}
      value={visitedInstance() ?? instances[0]!.slug}
      onChange={(event) => {
        chooseInstance(event.currentTarget.value);
        void client.resetQueries();
      }}
      data={instances.map(({ slug, name }) => ({ value: slug, label: name }))}
    />
  );
}

const useInstances = () => useThing<PageOf<InstanceView>>('/instances', { limit: 200 });

function Welcome({ model }: { model: NetworkModelView | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { person, instance } = useSession();
  const instances = useInstances();
  const items = instances.data?.items ?? [];
  const network =
    items.find(({ id, slug }) => (instance ? id === instance.id : slug === visitedInstance())) ?? items[0];
  const example = model?.examples[0];
  useEffect(() => {
    document.title = network ? `${network.name} · Foodshed` : 'Foodshed';
  }, [network]);
  return (
    <div className="welcome">
      <Grid gap="xl" align="center">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md" mih={220} justify="center">
            <NetworkChoice instances={items} />
            <Title order={1} fz={{ base: 34, sm: 46 }} lh={1.1}>
              {network?.name ?? 'Foodshed'}
            </Title>
            <Text size="lg">{network?.description || t('home.lead')}</Text>
            <Text>{t('start.open')}</Text>
            <Group>
              <Button component="a" href="#hubs" size="md">
                {t('start.findHub')}
              </Button>
              {!person && (
                <Button component={Link} to="/register" size="md" variant="default">
                  {t('start.join')}
                </Button>
              )}
              <Anchor component={Link} to="/value-map">
                {t('start.howMoney')}
              </Anchor>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Paper shadow="sm" mih={320}>
            {model && example ? (
              <Stack gap="sm">
                <Title order={2} size="h4">
                  {t('start.tenTitle', { amount: format.money(example.totalMinor, example.currency) })}
                </Title>
                <ModelExamples model={model} />
                <Text size="xs" c="dimmed">
                  {t('start.tenHint', { model: model.name, version: model.version })}
                </Text>
              </Stack>
            ) : (
              <Nothing title={t('start.tenTitle', { amount: '10' })}>{t('start.noModel')}</Nothing>
            )}
          </Paper>
        </Grid.Col>
      </Grid>
    </div>
  );
}

function Producers() {
  const { t } = useTranslation();
  const list = useList<Enterprise>('/producers', { limit: 24 });
  return (
    <Section title={t('start.producers')} hint={t('start.producersHint')}>
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Text c="dimmed">{t('start.producersNone')}</Text>
          ) : (
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
              {list.items!.map((producer) => (
                <Paper key={producer.enterpriseId} p="sm">
                  <Text fw={600}>{producer.name}</Text>
                  <Text size="sm" c="dimmed">
                    {producer.place?.town}
                  </Text>
                </Paper>
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <More list={list} />
    </Section>
  );
}

function Functions({ model }: { model: NetworkModelView }) {
  const { t } = useTranslation();
  return (
    <Section title={t('start.model')} hint={t('start.modelHint')}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {model.functions.map(({ functionId, does, earns }) => (
          <Paper key={functionId} component="article">
            <Title order={3} size="h5" tt="capitalize">
              {functionId.replaceAll('-', ' ')}
            </Title>
            <Text size="sm">{does}</Text>
            {earns && (
              <Text size="sm" c="dimmed" mt={4}>
                {t('start.earns', { what: earns })}
              </Text>
            )}
          </Paper>
        ))}
      </SimpleGrid>
    </Section>
  );
}

function OpenPitches() {
  const { t } = useTranslation();
  const query = useThing<PageOf<PitchView>>('/pitches', { stage: 'open', limit: PITCHES_SHOWN });
  const all = (
    <Button component={Link} to="/pitches" variant="default">
      {t('start.allPitches')}
    </Button>
  );
  return (
    <Section title={t('start.pitches')} hint={t('start.pitchesHint')} actions={all}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('start.pitchesNone')}</Text>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {items.map((pitch) => (
                <PitchCard key={pitch.pitchId} pitch={pitch} />
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
    </Section>
  );
}

/** The head of the chain: who keeps it sees later whether history was rewritten. */
function Proof() {
  const { t } = useTranslation();
  const format = useFormat();
  const head = useThing<LedgerHead>('/ledger/head');
  return (
    <Section title={t('start.proof')} hint={t('start.proofHint')}>
      <Paper mih={84}>
        {head.data && (
          <>
            <Text fw={600}>
              {head.data.sealedAt
                ? t('start.batch', { batch: head.data.batch, at: format.dateTime(head.data.sealedAt) })
                : t('start.batchNone')}
            </Text>
            <Text className="hash" data-testid="chain-head">
              {head.data.hash}
            </Text>
          </>
        )}
      </Paper>
    </Section>
  );
}

/** What this network is, for whoever comes by: its hubs and producers, who gets what, what is pitched, and the proof. */
export function StartPage() {
  const { t } = useTranslation();
  const model = useQuery({ queryKey: ['network-model'], queryFn: modelInForce });
  const instances = useInstances();
  const allHubs = (
    <Anchor component={Link} to="/shops">
      {t('start.allHubs')}
    </Anchor>
  );
  return (
    <Container size="lg" px={0}>
      <Stack gap={48}>
        {/* Together, so that nothing below moves when the first of them comes. */}
        <Loaded<unknown> query={instances.isPending ? instances : model}>
          {() => (
            <>
              <Welcome model={model.data ?? null} />
              <Section id="hubs" title={t('start.hubs')} hint={t('start.hubsHint')} actions={allHubs}>
                <HubCards />
              </Section>
              <Producers />
              {model.data && <Functions model={model.data} />}
              <OpenPitches />
              <Proof />
            </>
          )}
        </Loaded>
      </Stack>
    </Container>
  );
}
