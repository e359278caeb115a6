import { Badge, Group, Paper, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';

interface Person {
  personId: string;
  displayName: string;
  email: string;
  roles: ('steward' | 'operator')[];
  registeredAt: string;
}

/** Who is in this network, for its stewards. */
export function PeoplePage() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<Person>('/people');
  return (
    <Page title={t('people.title')} lead={t('people.lead')}>
      <Loaded query={list}>
        {() => (
          <Paper>
            <Table.ScrollContainer minWidth={520}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('people.name')}</Table.Th>
                    <Table.Th>{t('signIn.email')}</Table.Th>
                    <Table.Th>{t('people.roles')}</Table.Th>
                    <Table.Th>{t('people.since')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.items!.map((person) => (
                    <Table.Tr key={person.personId}>
                      <Table.Td>{person.displayName}</Table.Td>
                      <Table.Td>{person.email}</Table.Td>
                      <Table.Td>
                        <Group gap={4}>
                          {person.roles.map((role) => (
                            <Badge key={role} variant="dot">
                              {t(`role.${role}`)}
                            </Badge>
                          ))}
                        </Group>
                      </Table.Td>
                      <Table.Td>{format.date(person.registeredAt)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <More list={list} />
          </Paper>
        )}
      </Loaded>
    </Page>
  );
}
