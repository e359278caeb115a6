import { id } from '@foodshed/contracts';
import { newId } from './ids.js';

describe('A new id', () => {
  it('is a UUIDv7 of this millisecond, and greater than those made before, however many there are', () => {
    const before = Date.now();
    const ids = Array.from({ length: 50_000 }, newId);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    for (const each of [ids[0], ids[4_096], ids.at(-1)]) {
      expect(id.safeParse(each).success).toBe(true);
      expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(Number.parseInt(ids[0]!.replaceAll('-', '').slice(0, 12), 16)).toBeGreaterThanOrEqual(before);
  });
});
