import { productImportBody, productImportQuery } from '@foodshed/contracts';
import { productImportOf } from './product-import.rules.js';

describe('a product import over HTTP', () => {
  const query = productImportQuery.parse({ mode: 'preview', producerNames: 'Moor Farm', vatRateBps: '700' });

  it('with a text/csv body is read as its address says', () => {
    const body = productImportBody.parse('name\n');
    expect(productImportOf('text/csv; charset=utf-8', query, body)).toMatchObject({
      csv: 'name\n',
      mode: 'preview',
      producerNames: ['Moor Farm'],
      vatRateBps: 700,
      priceIncludesVat: true,
    });
  });

  it('with a JSON body is read as that says', () => {
    const body = productImportBody.parse({ csv: 'name\n', mode: 'partial', taxCategories: { food: 700 } });
    expect(productImportOf('application/json', query, body)).toEqual(body);
  });

  it('names the field of the JSON body that is wrong', () => {
    const parsed = productImportBody.safeParse({ csv: 'name\n', mode: 'half' });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['mode']]);
  });
});
