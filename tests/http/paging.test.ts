import * as fc from 'fast-check';
import request from 'supertest';
import { readCursor, writeCursor, type Sort } from '../../src/http/lists/cursor';
import type { Pagination } from '../../src/http/lists/paging';
import { newId } from '../../src/kernel/ids';
import type { KeyKind, RowKey } from '../../src/kernel/paging';
import { as, testApp } from './support';
import { things } from './things';

const sort: Sort = { by: 'orderedAt', descending: true };
const id = '0190d2c6-7b5e-7c3a-9f2b-1234567890ab';
const raw = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('cursors', () => {
  test('come back as they went', () => {
    const values: RowKey = ['2026-11-21T10:00:00.123456Z', id];
    const cursor = writeCursor(sort, { values, backward: true });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor, sort, 'instant')).toEqual({ values, backward: true });
    expect(readCursor(undefined, sort, 'instant')).toBeUndefined();
  });

  test.each<[KeyKind, string]>([
    ['decimal', '-12.5000'],
    ['text', "O'Brien"],
    ['text', ''],
    ['id', id],
  ])('of the kind %s: %s', (kind, key) => {
    const cursor = writeCursor(sort, { values: [key, id], backward: false });
    expect(readCursor(cursor, sort, kind)).toEqual({ values: [key, id], backward: false });
  });

  test('made for another sort are refused', () => {
    const cursor = writeCursor(sort, { values: ['2026-11-21T10:00:00Z', id], backward: false });
    expect(() => readCursor(cursor, { by: 'orderedAt', descending: false }, 'instant')).toThrow('another sort');
    expect(() => readCursor(cursor, { by: 'number', descending: true }, 'instant')).toThrow('another sort');
  });

  test.each([
    '',
    'x',
    '!!!',
    'a'.repeat(5000),
    raw({}),
    raw([]),
    raw([2, '-orderedAt', 0, '2026-11-21T10:00:00Z', id]),
    raw([1, '-orderedAt', 2, '2026-11-21T10:00:00Z', id]),
    raw([1, '-orderedAt', 0, '2026-11-21T10:00:00Z']),
    raw([1, '-orderedAt', 0, '2026-11-21T10:00:00Z', id, id]),
    raw([1, '-orderedAt', 0, '2026-11-21T10:00:00Z', "' OR 1=1 --"]),
    raw([1, '-orderedAt', 0, 'now()', id]),
    raw([1, '-orderedAt', 0, null, id]),
    raw([1, '-orderedAt', 0, 3, id]),
    raw([1, '-orderedAt', 0, { not: '' }, id]),
    raw([1, '-orderedAt', 0, '2026-11-21T10:00:00Z', id.toUpperCase()]),
  ])('forged cursor %# is refused', (cursor) => {
    expect(() => readCursor(cursor, sort, 'instant')).toThrow('query.cursor');
  });

  test('anything else is refused without an exception of another kind', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (cursor) => {
          expect(() => readCursor(cursor, sort, 'text')).toThrow('query.cursor');
        },
      ),
    );
  });
});

/** A page, or the refusal. */
interface Listed {
  data: { name: string }[];
  pagination: Pagination;
  error: { details: unknown };
}

describe('lists', () => {
  const setUp = (count: number) => {
    const resource = things();
    for (let index = 0; index < count; index++) {
      const thing = { id: newId(), name: `thing ${String(index).padStart(3, '0')}`, price: null, version: 1 };
      resource.stored.set(thing.id, thing);
    }
    const { app } = testApp(resource.endpoints);
    return async (query: string) => (await request(app).get(`/api/v1/things?${query}`).set(as('viewer'))).body as Listed;
  };
  const names = (page: { data: { name: string }[] }): string[] => page.data.map(({ name }) => name);

  test('forward and back by cursor, each row once', async () => {
    const list = setUp(7);
    const first = await list('pageSize=3&sort=-name');
    expect(names(first)).toEqual(['thing 006', 'thing 005', 'thing 004']);
    expect(first.pagination).toMatchObject({ pageSize: 3, previousCursor: null });
    const second = await list(`pageSize=3&sort=-name&cursor=${first.pagination.nextCursor}`);
    expect(names(second)).toEqual(['thing 003', 'thing 002', 'thing 001']);
    const third = await list(`pageSize=3&sort=-name&cursor=${second.pagination.nextCursor}`);
    expect(names(third)).toEqual(['thing 000']);
    expect(third.pagination.nextCursor).toBeNull();
    const back = await list(`pageSize=3&sort=-name&cursor=${third.pagination.previousCursor}`);
    expect(names(back)).toEqual(names(second));
    const front = await list(`pageSize=3&sort=-name&cursor=${back.pagination.previousCursor}`);
    expect(names(front)).toEqual(names(first));
    expect(front.pagination.previousCursor).toBeNull();
    expect(front.pagination.nextCursor).toBe(first.pagination.nextCursor);
    const other = await list(`pageSize=3&sort=name&cursor=${first.pagination.nextCursor}`);
    expect(other.error.details).toEqual({
      issues: [{ path: 'query.cursor', message: 'was made for another sort; start again without it' }],
    });
  });

  test('numbered pages tell the total', async () => {
    const list = setUp(7);
    const page = await list('pageSize=3&page=3');
    expect(names(page)).toEqual(['thing 006']);
    expect(page.pagination).toEqual({ pageSize: 3, nextCursor: null, page: 3, total: 7 });
  });

  test('an empty list', async () => {
    const list = setUp(0);
    expect(await list('')).toEqual({ data: [], pagination: { pageSize: 20, nextCursor: null, previousCursor: null } });
  });
});
