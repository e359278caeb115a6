import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents } from './events.js';

const examples = join(__dirname, '../examples');
const readExample = (subject: string): unknown =>
  JSON.parse(readFileSync(join(examples, `${subject}.json`), 'utf8'));

describe('the committed examples of events', () => {
  it.each(allEvents.map((event) => [event.subject, event] as const))(
    '%s parses, for ever',
    (subject, event) => {
      const example = readExample(subject);
      expect(event.schema.parse(example)).toEqual(example);
    },
  );

  it('are of events that exist', () => {
    const subjects = readdirSync(examples).map((file) => file.replace(/\.json$/, ''));
    expect(subjects.sort()).toEqual(allEvents.map((event) => event.subject).sort());
  });

  it('carry ids, never names or contacts of people', () => {
    const texts = allEvents.map((event) => JSON.stringify(readExample(event.subject)));
    for (const text of texts) expect(text).not.toMatch(/displayName|email|contact|phone|@/);
  });
});
