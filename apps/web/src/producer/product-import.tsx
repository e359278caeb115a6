import type { ImportMode, ProductImport } from '@foodshed/contracts';
import {
  Alert,
  Button,
  FileInput,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { Problem } from '../shell/states.js';

function Outcome({ result }: { result: ProductImport }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Alert
        color={result.rejected > 0 ? 'orange' : 'leaf'}
        role="status"
        title={t(result.applied ? 'import.applied' : 'import.preview')}
      >
        {t('import.counts', { ...result })}
      </Alert>
      {result.problems.length > 0 && (
        <Table.ScrollContainer minWidth={420} mah={320}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('import.line')}</Table.Th>
                <Table.Th>{t('import.column')}</Table.Th>
                <Table.Th>{t('import.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {result.problems.map((problem) => (
                <Table.Tr key={`${problem.line}-${problem.column}-${problem.reason}`}>
                  <Table.Td>{problem.line}</Table.Td>
                  <Table.Td>{problem.column}</Table.Td>
                  <Table.Td>{problem.reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

/** A CSV file becomes products: first what it would change, then the change itself. */
export function ProductImportForm({ producerId, close }: { producerId: string; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [otherProducers, setOtherProducers] = useState('reject');
  const send = useMutation({
    mutationFn: async (mode: ImportMode) =>
      api<ProductImport>(`/producers/${producerId}/product-imports`, {
        method: 'POST',
        query: { mode, otherProducers },
        body: await file!.text(),
      }),
    onSuccess: (result) =>
      result.applied
        ? client.invalidateQueries({ queryKey: [`/producers/${producerId}/products`] })
        : undefined,
  });
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
        <Group align="flex-end">
          <FileInput
            label={t('import.file')}
            accept=".csv,text/csv"
            placeholder={t('import.choose')}
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              send.reset();
            }}
            miw={240}
            clearable
          />
          <NativeSelect
            label={t('import.otherProducers')}
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
        </Group>
        {send.isError && <Problem error={send.error} />}
        {send.data && <Outcome result={send.data} />}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={close}>
            {t('action.close')}
          </Button>
          <Button
            variant="default"
            disabled={!file}
            loading={send.isPending}
            onClick={() => send.mutate('preview')}
          >
            {t('import.showPreview')}
          </Button>
          {bad > 0 && (
            <Button variant="default" loading={send.isPending} onClick={() => send.mutate('partial')}>
              {t('import.applyGood')}
            </Button>
          )}
          <Button disabled={!file} loading={send.isPending} onClick={() => send.mutate('all-or-nothing')}>
            {t('import.apply')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
