// Three invented networks. Places and people are made up; nobody of these names is meant.
import { Chance } from './chance.mjs';

const kinds = [
  'vegetables',
  'fruit',
  'dairy',
  'bakery',
  'butchery',
  'poultry',
  'larder',
  'mill',
  'wholesale',
];

export const password = 'market-day-2026';
export const buyersPerHub = 25;

export const instances = [
  {
    slug: 'lindental',
    name: 'Lindental Food Network',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    locales: ['en', 'de'],
    country: 'DE',
    description: 'Food from the Linde valley and the hills around it.',
    vat: { food: 700, drinks: 1900, goods: 1900 },
    priceLevel: 1,
    firstNames:
      'Anneke Bruno Carla Dietmar Elif Florian Greta Henning Ilka Jonas Katrin Levin Marit Nils Oda Paulina'.split(
        ' ',
      ),
    lastNames:
      'Achenfeld Birkholt Dornbach Ehrenau Finkwald Grabsee Hollerup Immental Kastner Lohmar Moosgart Rehberg'.split(
        ' ',
      ),
    hubs: [
      {
        name: 'Kornhaus Lindental',
        town: 'Lindental',
        place: 'Kornhaus, Am Mühlbach 4',
        feeBps: 500,
        flatMinor: 0,
      },
      {
        name: 'Alte Molkerei Brückau',
        town: 'Brückau',
        place: 'Alte Molkerei, Bahnhofstraße 11',
        feeBps: 300,
        flatMinor: 100,
      },
    ],
    producers: [
      'Gärtnerei Sonnenhang',
      'Obsthof Winterberg',
      'Hofkäserei Talblick',
      'Backstube Morgenrot',
      'Weidehof Ahornkamp',
      'Geflügelhof Feldrain',
      'Imkerei Bienenbuckel',
      'Ölmühle Steinbach',
      'Vorratshandel Lindetal',
    ],
  },
  {
    slug: 'valverde',
    name: 'Rede Valverde',
    currency: 'EUR',
    timeZone: 'Europe/Lisbon',
    locales: ['en', 'pt'],
    country: 'PT',
    description: 'Growers and bakers between the Verde river and the sea.',
    vat: { food: 600, drinks: 2300, goods: 2300 },
    priceLevel: 0.85,
    firstNames:
      'Abel Beatriz Clara Duarte Elisa Fausto Graça Hugo Inês Joaquim Leonor Mafalda Nuno Olívia Raul Teresa'.split(
        ' ',
      ),
    lastNames:
      'Amieira Barroca Canaveira Dourado Espinheiro Fontela Giesta Loureira Medronho Outeiro Pinhal Ribeirinho'.split(
        ' ',
      ),
    hubs: [
      {
        name: 'Casa da Horta Valverde',
        town: 'Valverde',
        place: 'Casa da Horta, Rua do Poço 7',
        feeBps: 400,
        flatMinor: 0,
      },
      {
        name: 'Mercado do Moinho',
        town: 'Moinho Novo',
        place: 'Largo do Moinho 2',
        feeBps: 0,
        flatMinor: 150,
      },
    ],
    producers: [
      'Horta da Levada',
      'Pomar Três Figueiras',
      'Queijaria Monte Alto',
      'Padaria Forno Velho',
      'Herdade do Sobral',
      'Quinta das Galinhas',
      'Despensa da Serra',
      'Moinho da Ribeira',
    ],
  },
  {
    slug: 'fenmarsh',
    name: 'Fenmarsh Food Net',
    currency: 'GBP',
    timeZone: 'Europe/London',
    locales: ['en'],
    country: 'GB',
    description: 'Farms and kitchens of the fens, an hour by bicycle at most.',
    vat: { food: 0, drinks: 2000, goods: 2000 },
    priceLevel: 0.95,
    firstNames:
      'Agnes Barnaby Cecily Dexter Edith Fergus Gwen Hamish Ivy Jasper Kezia Linus Maud Ned Orla Percy'.split(
        ' ',
      ),
    lastNames:
      'Ashdyke Brackwater Causley Drovegate Eelham Fenwright Goosefield Hurnmere Levens Marshfold Osierley Reedham'.split(
        ' ',
      ),
    hubs: [
      {
        name: 'Tollgate Pantry',
        town: 'Marshgate',
        place: 'The Old Tollgate, Drove Lane',
        feeBps: 600,
        flatMinor: 0,
      },
      {
        name: 'The Signal Box',
        town: 'Osier End',
        place: 'The Signal Box, Station Yard',
        feeBps: 350,
        flatMinor: 50,
      },
    ],
    producers: [
      'Blackdrove Growers',
      'Orchard End',
      'Wetherby Dairy',
      'Sluice Lane Bakery',
      'Highwash Farm',
      'Three Geese Poultry',
      'Hedgerow Larder',
      'Staunch Mill',
    ],
  },
];

/** Every person, enterprise and membership of an instance, with what they are called and how they sign in. */
export function peopleOf(instance) {
  const names = namesOf(instance);
  const person = () => {
    const displayName = names.shift();
    const mail = displayName
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z]+/g, '.');
    return { displayName, email: `${mail}@${instance.slug}.example`, instance };
  };
  const steward = person();
  const hubs = instance.hubs.map((hub) => ({ ...hub, instance, managers: [person(), person()] }));
  const producers = instance.producers.map((name, index) => ({
    name,
    instance,
    kind: kinds[index],
    prefix: kinds[index].slice(0, 3).toUpperCase(),
    town: instance.hubs[index % 2].town,
    managers: [person()],
  }));
  const buyers = hubs.flatMap((hub, hubIndex) =>
    Array.from({ length: buyersPerHub }, (_, index) => ({
      ...person(),
      hubIndex,
      ...habitsOf(instance, hubIndex, index),
    })),
  );
  return { instance, steward, hubs, producers, buyers };
}

/** Each first name with each last name, in an order that mixes both. */
function namesOf({ slug, firstNames, lastNames }) {
  const all = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`));
  return new Chance('names', slug).several(all, all.length);
}

/** When a buyer joins, how they came, and how they usually pay. */
function habitsOf({ slug }, hubIndex, index) {
  const chance = new Chance('habits', slug, hubIndex, index);
  return {
    index,
    joinsInWeek: chance.happens(0.7) ? 0 : chance.between(1, 5),
    comesByLink: chance.happens(0.7),
    paysCash: chance.happens(0.35),
    appetite: chance.between(3, 7),
  };
}
