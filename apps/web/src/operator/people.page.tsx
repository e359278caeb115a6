import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';

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
      <ListTable
        list={list}
        none={t('people.none')}
        keyOf={(person) => person.personId}
        columns={[
          { title: t('people.name'), cell: (person) => person.displayName },
          { title: t('signIn.email'), cell: (person) => person.email },
          {
            title: t('people.roles'),
            cell: (person) =>
              person.roles.length === 0 ? (
                '–'
              ) : (
                <Group gap={4}>
                  {person.roles.map((role) => (
                    <Badge key={role} variant="dot">
                      {t(`role.${role}`)}
                    </Badge>
                  ))}
                </Group>
              ),
          },
          { title: t('people.since'), cell: (person) => format.date(person.registeredAt) },
        ]}
      />
    </Page>
  );
}
