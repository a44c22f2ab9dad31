import { del, get, post, put, type AnyEndpoint } from '../../http/endpoint';
import { Duplicate, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { UnitFrozen, UnitInUse, UnitNotFound } from './catalogue.errors';
import { UnitsNotConvertible } from './domain/unit-of-measure';
import type { UnitsController } from './units.controller';
import { conversionQuery, conversionView, newUnit, unitList, unitPage, unitParams, unitReplacement, unitView } from './units.schemas';

const tag = 'Catalogue';
const example = { code: 'box12', name: 'Box of 12', category: 'count', factor: '12', isWhole: true };

export const unitRoutes = (units: UnitsController): AnyEndpoint[] => [
  get(
    '/units',
    { operationId: 'listUnits', summary: 'List units of measure', tag, allow: 'catalogue:read', query: unitList, returns: unitPage },
    units.list,
  ),
  post(
    '/units',
    {
      operationId: 'createUnit',
      summary: 'Create a unit of measure',
      tag,
      allow: 'catalogue:write',
      body: newUnit,
      returns: unitView,
      status: 201,
      fails: [Duplicate],
      example,
    },
    units.create,
  ),
  get(
    '/units/convert',
    {
      operationId: 'convertUnits',
      summary: 'Convert a quantity from one unit into another of the same category',
      tag,
      allow: 'catalogue:read',
      query: conversionQuery,
      returns: conversionView,
      fails: [UnusableReference, UnitsNotConvertible],
    },
    units.convert,
  ),
  put(
    '/units/:unitId',
    {
      operationId: 'replaceUnit',
      summary: 'Replace a unit of measure',
      description: 'Factor, category and isWhole stay as they are once a product uses the unit.',
      tag,
      allow: 'catalogue:write',
      params: unitParams,
      body: unitReplacement,
      returns: unitView,
      fails: [UnitNotFound, UnitFrozen, Duplicate, VersionMismatch],
      example,
    },
    units.replace,
  ),
  del(
    '/units/:unitId',
    {
      operationId: 'deleteUnit',
      summary: 'Delete a unit of measure that nothing uses',
      tag,
      allow: 'catalogue:delete',
      params: unitParams,
      returns: 'nothing',
      fails: [UnitNotFound, UnitInUse, VersionMismatch],
    },
    units.remove,
  ),
];
