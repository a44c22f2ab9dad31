import {
  describe,
  id,
  instantView,
  int,
  list,
  named,
  nullable,
  optional,
  partial,
  recursive,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { MAX_LEVEL } from './domain/category-tree';

const code = () => text(50, { pattern: /^\S+$/, hint: 'must not contain spaces' });
const name = () => text(200);
const level = () => int(1, MAX_LEVEL);

const changeable = {
  code: optional(describe(code(), 'Made from the name when left out')),
  parentId: optional(nullable(id())),
  taxRateId: optional(nullable(id())),
  allowedUnitIds: optional(describe(list(id(), { max: 100 }), 'Units its products may use; empty means any')),
};

export const categoryParams = shape({ categoryId: id() });
export const newCategory = named('NewCategory', shape({ name: name(), ...changeable }));
export const categoryReplacement = named('CategoryReplacement', shape({ name: name(), ...changeable }));
export const categoryChanges = named('CategoryChanges', partial({ name: name(), ...changeable }));
export const categoryView = named(
  'Category',
  shape({
    id: id(),
    code: code(),
    name: name(),
    parentId: nullable(id()),
    level: describe(level(), '1 for a root'),
    path: describe(list(id(), { min: 1, max: MAX_LEVEL }), 'Ids from the root down to this category'),
    allowedUnitIds: list(id(), { max: 100 }),
    taxRateId: nullable(id()),
    version: int(1, 2 ** 31 - 1),
    createdAt: instantView(),
    updatedAt: instantView(),
  }),
);
/** A category inside of another resource. */
export const categorySummary = named('CategorySummary', shape({ id: id(), code: code(), name: name() }));

export interface CategoryNode {
  id: string;
  parentId: string | null;
  code: string;
  name: string;
  level: number;
  children: CategoryNode[];
}
const categoryNode = recursive<CategoryNode>('CategoryNode', (self) =>
  shape({ id: id(), parentId: nullable(id()), code: code(), name: name(), level: level(), children: list(self, { max: 10_000 }) }),
);
export const categoryTree = named('CategoryTree', shape({ data: list(categoryNode, { max: 10_000 }) }));

export const categoryList = listQuery({ sort: ['name', 'code'], default: 'name' }, { q: optional(text(100)), parentId: optional(id()) });
export const categoryPage = pageOf('CategoryPage', categoryView);

export type CategoryParams = Infer<typeof categoryParams>;
export type NewCategoryBody = Infer<typeof newCategory>;
export type CategoryReplacement = Infer<typeof categoryReplacement>;
export type CategoryChanges = Infer<typeof categoryChanges>;
export type CategoryView = Infer<typeof categoryView>;
export type CategoryTree = Infer<typeof categoryTree>;
export type CategoryList = Infer<typeof categoryList>;
