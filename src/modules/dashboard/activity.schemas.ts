import { describe, id, instantView, list, named, nullable, oneOf, shape, text, type Infer } from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';

export const activityQuery = listQuery({ sort: ['recordedAt'], default: '-recordedAt' });
export type ActivityQuery = Infer<typeof activityQuery>;

const MOST_CHANGES = 100;
const value = () => nullable(text(200, { min: 0 }));

export const activityView = named(
  'Activity',
  shape({
    id: describe(id(), 'Of the event in the log'),
    type: describe(text(64), 'Such as order.placed'),
    sentence: describe(text(10_000), 'For people, in English'),
    actor: shape({ kind: oneOf('user', 'system', 'anonymous'), id: nullable(id()), name: nullable(text(200)) }),
    subject: describe(
      shape({ type: text(64), id: id(), label: nullable(text(500)) }),
      'What it happened to, by its name of today; of a stock level the product',
    ),
    changes: describe(
      list(shape({ field: text(64), from: value(), to: value() }), { max: MOST_CHANGES }),
      'Fields that were changed, with their old and new values where these are plain, of long ones the beginning. What names a person is left out',
    ),
    occurredAt: describe(instantView(), 'When it happened; of imported documents, their own date'),
    recordedAt: instantView(),
  }),
);
export type ActivityView = Infer<typeof activityView>;
export const activityPage = pageOf('ActivityPage', activityView);
