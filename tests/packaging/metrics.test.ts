import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freshDatabase } from '../support/database';
import { startServerProcess } from '../support/server-process';
import { seriesIn } from './promql';

const ROOT = path.resolve(__dirname, '../..');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

interface Panel {
  readonly title: string;
  readonly targets: ReadonlyArray<{ readonly expr: string }>;
}

describe('/metrics, and what reads them', () => {
  let text: string;
  let series: ReadonlySet<string>;
  beforeAll(async () => {
    const database = await freshDatabase();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-metrics-'));
    const server = await startServerProcess({
      logFile: path.join(folder, 'output.log'),
      env: {
        DATA_DIR: folder,
        SEED_DEMO: 'false',
        DATABASE_URL: database.runtimeUrl,
        MIGRATION_DATABASE_URL: database.ownerUrl,
        REDIS_URL: 'redis://127.0.0.1:1', // nobody there, which is a figure too
      },
    });
    text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    series = seriesOf(text);
    await server.end('SIGTERM');
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  /** `up` is Prometheus' own. */
  const unknown = (expression: string): string[] => seriesIn(expression).filter((name) => name !== 'up' && !series.has(name));

  it('every panel of the dashboard shows series that exist', () => {
    const dashboard = JSON.parse(readFileSync(path.join(ROOT, 'docker/grafana/dashboards/quartermaster.json'), 'utf8')) as {
      readonly panels: readonly Panel[];
    };
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) expect([expression, seriesIn(expression)]).toEqual([expression, [expect.any(String)]]);
    expect(expressions.flatMap(unknown)).toEqual([]);
  });

  it('every alert watches series that exist', () => {
    const rules = readFileSync(path.join(ROOT, 'docker/prometheus/alerts.yml'), 'utf8');
    const expressions = [...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, expression]) => expression!);
    expect(expressions.length).toBeGreaterThan(3);
    expect(expressions.flatMap(unknown)).toEqual([]);
  });

  it('a series that does not exist is noticed', () => {
    expect(unknown('sum by (le, route) (rate(http_request_seconds_bucket{status=~"5.."}[5m])) or vector(0)')).toEqual([
      'http_request_seconds_bucket',
    ]);
  });

  it('follows the naming rules', () => {
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => ({ name: name!, type: type! }));
    expect(types.length).toBeGreaterThan(20);
    expect(types.filter(({ name, type }) => (type === 'counter') !== name.endsWith('_total'))).toEqual([]);
    expect(types.filter(({ name }) => !new RegExp(`^# HELP ${name} \\S`, 'm').test(text))).toEqual([]);
  });

  // Debian: apt-get install prometheus
  (hasPromtool ? it : it.skip)('passes promtool check metrics', () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

/** Names of the samples, and those that samples will have whose labels have not occurred yet. */
function seriesOf(text: string): ReadonlySet<string> {
  const declared = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!],
  );
  return new Set([...declared, ...[...text.matchAll(/^(\w+)[ {]/gm)].map(([, name]) => name!)]);
}
