import { Prisma } from '../generated/prisma/client';

/** A stored address (jsonb, or null) as the JSON of answers. Key by key: jsonb would send its keys in an order of its own, with blanks between. */
export const addressJson = (address: Prisma.Sql): Prisma.Sql => Prisma.sql`CASE WHEN ${address} IS NOT NULL THEN (
  SELECT row_to_json(address_view) FROM (SELECT ${address} -> 'line1' AS line1, ${address} -> 'line2' AS line2, ${address} -> 'city' AS city,
    ${address} -> 'region' AS region, ${address} -> 'postalCode' AS "postalCode", ${address} -> 'country' AS country) address_view) END`;
