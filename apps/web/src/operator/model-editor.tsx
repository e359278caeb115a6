import type { ModelSimulation, NetworkModelSummary, NetworkModelView } from '@foodshed/contracts';
import { Alert, Button, Group, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { DateTime } from 'luxon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useInstance } from '../api/session.js';
import { Problem } from '../shell/states.js';
import { type Checked, Findings, Result } from './model-findings.js';
import { Simulated, SimulationProgress } from './model-simulation.js';
import { lastMonths, togetherOf } from './simulation.js';

/** A change is voted on by what the last quarter would have been. */
const MONTHS = 3;

/** Simulates a text on the last months, one after another, and tells how many are done. */
function useSimulation(source: string) {
  const zone = useInstance()?.timeZone ?? 'UTC';
  const [done, setDone] = useState(0);
  const simulation = useMutation({
    mutationFn: async () => {
      setDone(0);
      const results: ModelSimulation[] = [];
      for (const month of lastMonths(MONTHS, DateTime.now().setZone(zone))) {
        results.push(
          await api<ModelSimulation>('/network-models/simulations', {
            method: 'POST',
            body: { source, month },
          }),
        );
        setDone(results.length);
      }
      const [first, ...others] = results;
      return togetherOf(first!, ...others);
    },
  });
  return { simulation, done };
}

/** The model's text, to check, to simulate and to propose; what was found of both stands side by side. */
export function ModelEditor({ current }: { current: NetworkModelView | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [source, setSource] = useState(current?.source ?? '');
  const check = useMutation({
    mutationFn: () => api<Checked>('/network-models/checks', { method: 'POST', body: { source } }),
  });
  const { simulation, done } = useSimulation(source);
  const upload = useMutation({
    mutationFn: () => api<NetworkModelSummary>('/network-models', { method: 'POST', body: { source } }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['network-model'] }),
        client.invalidateQueries({ queryKey: ['/network-models'] }),
      ]),
  });
  const isSame = source === current?.source;
  return (
    <Stack>
      <Textarea
        label={t('model.text')}
        value={source}
        onChange={(event) => {
          setSource(event.currentTarget.value);
          check.reset();
          simulation.reset();
        }}
        autosize
        minRows={16}
        maxRows={28}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
      />
      <Group justify="flex-end">
        <Button variant="default" loading={check.isPending} disabled={!source} onClick={() => check.mutate()}>
          {t('model.check')}
        </Button>
        <Button
          variant="default"
          loading={simulation.isPending}
          disabled={!source}
          onClick={() => simulation.mutate()}
        >
          {t('simulation.run')}
        </Button>
        <Button
          loading={upload.isPending}
          disabled={!check.data?.isSound || isSame}
          onClick={() => upload.mutate()}
        >
          {t('model.upload')}
        </Button>
      </Group>
      {upload.isError && <Problem error={upload.error} />}
      {upload.data?.state === 'proposed' && (
        <Alert color="leaf" role="status">
          {t('model.proposed', { version: upload.data.version })}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Result title={t('model.check')} hint={t('model.checkHint')}>
          {check.isError ? <Problem error={check.error} /> : check.data && <Findings checked={check.data} />}
        </Result>
        <Result title={t('simulation.title')} hint={t('simulation.hint')}>
          {simulation.isPending ? (
            <SimulationProgress done={done} all={MONTHS} />
          ) : simulation.isError ? (
            <Problem error={simulation.error} />
          ) : (
            simulation.data && <Simulated result={simulation.data} />
          )}
        </Result>
      </SimpleGrid>
    </Stack>
  );
}
