import type { ImportMode, ProductImport } from '@foodshed/contracts';
import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { DropZone } from '../shell/drop-zone.js';
import { Problem } from '../shell/states.js';
import { Working } from '../shell/working.js';
import { ImportOutcome } from './import-outcome.js';

/** A CSV file becomes products: first what it would change, then the change itself. */
export function ProductImportForm({ producerId, close }: { producerId: string; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [otherProducers, setOtherProducers] = useState('reject');
  /** Of the file that is sent; 0 while it is read. */
  const [rows, setRows] = useState(0);
  const send = useMutation({
    mutationFn: async ({ mode, csv }: { mode: ImportMode; csv: File }) => {
      setRows(0);
      const body = await csv.text();
      setRows(body.split('\n').filter((line) => line.trim()).length - 1);
      return api<ProductImport>(`/producers/${producerId}/product-imports`, {
        method: 'POST',
        query: { mode, otherProducers },
        body,
      });
    },
    onSuccess: (result) =>
      result.applied
        ? client.invalidateQueries({ queryKey: [`/producers/${producerId}/products`] })
        : undefined,
  });
  const start = (mode: ImportMode, csv = file): void => {
    if (csv) send.mutate({ mode, csv });
  };
  const take = (taken: File | null): void => {
    setFile(taken);
    send.reset();
    // Nothing is written by looking, so nobody has to ask for it.
    if (taken) start('preview', taken);
  };
  const bad = send.data && !send.data.applied ? send.data.rejected : 0;
  return (
    <Paper>
      <Stack>
        <Title order={2} size="h4">
          {t('products.import')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('import.lead')}
        </Text>
        <DropZone label={t('import.file')} accept=".csv,.tsv,.txt,text/csv" file={file} onFile={take} />
        <NativeSelect
          label={t('import.otherProducers')}
          maw={360}
          value={otherProducers}
          onChange={(event) => {
            setOtherProducers(event.currentTarget.value);
            send.reset();
          }}
          data={(['reject', 'skip', 'assign'] as const).map((value) => ({
            value,
            label: t(`import.other.${value}`),
          }))}
        />
        {send.isPending && (
          <Working
            what={t(
              rows === 0
                ? 'import.reading'
                : send.variables.mode === 'preview'
                  ? 'import.comparing'
                  : 'import.writing',
              { count: rows },
            )}
          />
        )}
        {send.isError && <Problem error={send.error} />}
        {send.data && <ImportOutcome result={send.data} />}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={close}>
            {t('action.close')}
          </Button>
          <Button
            variant="default"
            disabled={!file}
            loading={send.isPending}
            onClick={() => start('preview')}
          >
            {t('import.showPreview')}
          </Button>
          {bad > 0 && (
            <Button variant="default" loading={send.isPending} onClick={() => start('partial')}>
              {t('import.applyGood')}
            </Button>
          )}
          <Button disabled={!file} loading={send.isPending} onClick={() => start('all-or-nothing')}>
            {t('import.apply')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
