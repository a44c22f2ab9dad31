import { del, get, patch, post, put, type AnyEndpoint } from '../../http/endpoint';
import { Duplicate, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { AllowedUnitsInUse, CategoryInUse, CategoryNotFound } from './catalogue.errors';
import type { CategoriesController } from './categories.controller';
import {
  categoryChanges,
  categoryList,
  categoryPage,
  categoryParams,
  categoryReplacement,
  categoryTree,
  categoryView,
  newCategory,
} from './categories.schemas';
import { CategoryCycle, CategoryTooDeep } from './domain/category-tree';

const tag = 'Catalogue';
const changeFails = [CategoryNotFound, CategoryCycle, CategoryTooDeep, AllowedUnitsInUse, UnusableReference, Duplicate, VersionMismatch];

export const categoryRoutes = (categories: CategoriesController): AnyEndpoint[] => [
  get(
    '/categories',
    { operationId: 'listCategories', summary: 'List categories', tag, allow: 'catalogue:read', query: categoryList, returns: categoryPage },
    categories.list,
  ),
  post(
    '/categories',
    {
      operationId: 'createCategory',
      summary: 'Create a category',
      tag,
      allow: 'catalogue:write',
      body: newCategory,
      returns: categoryView,
      status: 201,
      fails: [CategoryTooDeep, UnusableReference, Duplicate],
      example: { name: 'Kitchen' },
    },
    categories.create,
  ),
  get(
    '/categories/tree',
    { operationId: 'readCategoryTree', summary: 'All categories as a tree', tag, allow: 'catalogue:read', returns: categoryTree },
    categories.tree,
  ),
  get(
    '/categories/:categoryId',
    {
      operationId: 'readCategory',
      summary: 'Read a category',
      tag,
      allow: 'catalogue:read',
      params: categoryParams,
      returns: categoryView,
      fails: [CategoryNotFound],
    },
    categories.read,
  ),
  put(
    '/categories/:categoryId',
    {
      operationId: 'replaceCategory',
      summary: 'Replace a category',
      description: 'Left out: parentId makes it a root, taxRateId and allowedUnitIds are emptied; code stays.',
      tag,
      allow: 'catalogue:write',
      params: categoryParams,
      body: categoryReplacement,
      returns: categoryView,
      fails: changeFails,
      example: { name: 'Kitchen and dining' },
    },
    categories.replace,
  ),
  patch(
    '/categories/:categoryId',
    {
      operationId: 'changeCategory',
      summary: 'Change a category, or move it with everything below it',
      tag,
      allow: 'catalogue:write',
      params: categoryParams,
      body: categoryChanges,
      returns: categoryView,
      fails: changeFails,
      example: { name: 'Kitchen and dining' },
    },
    categories.change,
  ),
  del(
    '/categories/:categoryId',
    {
      operationId: 'deleteCategory',
      summary: 'Delete a category without children and products',
      tag,
      allow: 'catalogue:delete',
      params: categoryParams,
      returns: 'nothing',
      fails: [CategoryNotFound, CategoryInUse, VersionMismatch],
    },
    categories.remove,
  ),
];
