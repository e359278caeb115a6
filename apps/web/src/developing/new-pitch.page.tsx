import type { PitchView, TeamMember } from '@foodshed/contracts';
import {
  Button,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useIdempotencyKey } from '../api/idempotency.js';
import { type PageOf, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { AmountInput } from '../shell/amount-input.js';
import { Page } from '../shell/page.js';
import { Problem } from '../shell/states.js';
import { endOfDay } from './dates.js';

interface Mate {
  id: string;
  percent: number;
}

function Mates({ mates, onChange }: { mates: readonly Mate[]; onChange: (mates: Mate[]) => void }) {
  const { t } = useTranslation();
  const rest = 100 - mates.reduce((sum, { percent }) => sum + percent, 0);
  const edit = (index: number, change: Partial<Mate>): void =>
    onChange(mates.map((mate, position) => (position === index ? { ...mate, ...change } : mate)));
  return (
    <Fieldset legend={t('pitch.team')}>
      <Stack gap="xs">
        <Text size="sm">{t('newPitch.yourShare', { percent: rest })}</Text>
        {mates.map((mate, index) => (
          <Group key={index} align="flex-end" gap="xs">
            <TextInput
              label={t('newPitch.mate')}
              description={t('newPitch.mateHint')}
              value={mate.id}
              required
              flex={1}
              onChange={(event) => edit(index, { id: event.currentTarget.value.trim() })}
            />
            <NumberInput
              label={t('newPitch.percent')}
              suffix=" %"
              min={1}
              max={99}
              allowDecimal={false}
              w={90}
              value={mate.percent}
              onChange={(value) => edit(index, { percent: Number(value) || 1 })}
            />
          </Group>
        ))}
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            disabled={rest < 2}
            onClick={() => onChange([...mates, { id: '', percent: Math.max(1, Math.floor(rest / 2)) }])}
          >
            {t('newPitch.addMate')}
          </Button>
          {mates.length > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => onChange(mates.slice(0, -1))}>
              {t('newPitch.removeMate')}
            </Button>
          )}
        </Group>
      </Stack>
    </Fieldset>
  );
}

/** A pitch is made once and stays as it is: funders pledge to what it says. */
export function NewPitchPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { person, instance } = useSession();
  const { currency, timeZone } = instance ?? { currency: 'EUR', timeZone: 'UTC' };
  const [words, setWords] = useState({ title: '', need: '', audience: '' });
  const [goalMinor, setGoalMinor] = useState<number | null>(null);
  const [dates, setDates] = useState({ fundUntil: '', deliverBy: '' });
  const [reviewDays, setReviewDays] = useState(14);
  const [mates, setMates] = useState<Mate[]>([]);
  const [askedInstanceIds, setAsked] = useState<string[]>([]);
  const [idempotencyKey, ended] = useIdempotencyKey();
  const instances = useThing<PageOf<{ id: string; name: string }>>('/instances', { limit: 200 });
  const rest = 100 - mates.reduce((sum, { percent }) => sum + percent, 0);
  const team: TeamMember[] = [
    { kind: 'person', id: person?.personId ?? '', shareBps: rest * 100 },
    ...mates.map(({ id, percent }): TeamMember => ({ kind: 'person', id, shareBps: percent * 100 })),
  ];
  const make = useMutation({
    mutationFn: () =>
      api<PitchView>('/pitches', {
        method: 'POST',
        idempotencyKey,
        body: {
          ...words,
          goalMinor,
          currency,
          fundUntil: endOfDay(dates.fundUntil, timeZone),
          deliverBy: endOfDay(dates.deliverBy, timeZone),
          reviewDays,
          team,
          askedInstanceIds,
        },
      }),
    onSuccess: ({ pitchId }) => navigate(`/pitches/${pitchId}`),
    onSettled: (_pitch, error) => ended(error),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  const text = (name: keyof typeof words) => ({
    label: t(`newPitch.${name}`),
    required: true,
    value: words[name],
    error: fieldError(make.error, name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setWords((known) => ({ ...known, [name]: value }));
    },
  });
  const date = (name: keyof typeof dates) => ({
    label: t(`newPitch.${name}`),
    type: 'date',
    required: true,
    value: dates[name],
    error: fieldError(make.error, name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setDates((known) => ({ ...known, [name]: value }));
    },
  });
  return (
    <Page title={t('newPitch.heading')} lead={t('newPitch.lead')} size="sm">
      <Paper component="form" onSubmit={submit}>
        <Stack>
          <TextInput {...text('title')} />
          <Textarea autosize minRows={3} {...text('need')} />
          <Textarea autosize minRows={2} {...text('audience')} />
          <AmountInput
            label={t('newPitch.goal')}
            currency={currency}
            value={goalMinor}
            onChange={setGoalMinor}
            error={fieldError(make.error, 'goalMinor')}
          />
          <TextInput {...date('fundUntil')} />
          <TextInput {...date('deliverBy')} />
          <NumberInput
            label={t('newPitch.reviewDays')}
            description={t('newPitch.reviewDaysHint')}
            min={1}
            max={60}
            allowDecimal={false}
            value={reviewDays}
            onChange={(value) => setReviewDays(Number(value) || 1)}
          />
          <MultiSelect
            label={t('newPitch.asked')}
            description={t('newPitch.askedHint')}
            data={(instances.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={askedInstanceIds}
            onChange={setAsked}
            searchable
          />
          <Mates mates={mates} onChange={setMates} />
          {make.isError && <Problem error={make.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={make.isPending} disabled={!goalMinor}>
              {t('newPitch.submit')}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Page>
  );
}
