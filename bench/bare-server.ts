/*
 * What a route costs without a house around it: Express 5, a pool of pg, one prepared statement, res.json. No authentication, no checks.
 * DATABASE_URL is the database of limits-schema.sql; sends its port to its parent.
 */
import express from 'express';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';

interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price_cents: number;
  readonly category_id: number;
  readonly category_name: string;
}

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 24 });
const app = express().disable('x-powered-by').disable('etag');

const SELECT = `SELECT p.id, p.sku, p.name, p.description, p.price_cents, p.active, p.created_at, p.updated_at, c.id AS category_id, c.name AS category_name
  FROM products p JOIN categories c ON c.id = p.category_id`;

const present = ({ category_id, category_name, ...product }: Product) => ({
  ...product,
  category: { id: category_id, name: category_name },
});

app.get('/products/:id', async (req, res) => {
  const { rows } = await pool.query<Product>({ name: 'read', text: `${SELECT} WHERE p.id = $1`, values: [req.params.id] });
  if (rows[0] === undefined) res.status(404).json({ error: 'not found' });
  else res.json(present(rows[0]));
});

app.get('/products', async (req, res) => {
  const { rows } = await pool.query<Product>({
    name: 'list',
    text: `${SELECT} WHERE p.active AND p.id > $1 ORDER BY p.id LIMIT $2`,
    values: [Number(req.query['after'] ?? 0), Number(req.query['pageSize'] ?? 20)],
  });
  res.json({ data: rows.map(present), pagination: { nextCursor: rows.at(-1)?.id ?? null } });
});

const server = app.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
