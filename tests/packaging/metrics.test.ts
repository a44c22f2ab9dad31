import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freshDatabase } from '../support/database';
import { startServerProcess } from '../support/server-process';
import { selectorsIn } from './promql';

const ROOT = path.resolve(__dirname, '../..');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

interface Panel {
  readonly title: string;
  readonly targets: ReadonlyArray<{ readonly expr: string }>;
}

describe('/metrics, and what reads them', () => {
  let text: string;
  let samples: readonly Sample[];
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
    samples = samplesOf(text);
    await server.end('SIGTERM');
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  /** What an expression selects and no sample has, be it the name or a label; `up` is Prometheus' own. That a series is declared is not enough: nothing counts it yet. */
  const unknown = (expression: string): string[] =>
    selectorsIn(expression)
      .filter(
        ({ name, labels }) =>
          name !== 'up' && !samples.some((sample) => sample.name === name && labels.every((label) => label in sample.labels)),
      )
      .map(({ name }) => name);

  it('every panel of the dashboard shows series that exist', () => {
    const dashboard = JSON.parse(readFileSync(path.join(ROOT, 'docker/grafana/dashboards/quartermaster.json'), 'utf8')) as {
      readonly panels: readonly Panel[];
    };
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) expect([expression, selectorsIn(expression)]).not.toEqual([expression, []]);
    expect(expressions.flatMap(unknown)).toEqual([]);
  });

  it('every alert watches series that exist', () => {
    const rules = readFileSync(path.join(ROOT, 'docker/prometheus/alerts.yml'), 'utf8');
    const expressions = [...rules.matchAll(/^ +expr: (?:\|\n((?: {10}.*\n)+)|(.+))$/gm)].map(([, block, line]) => block ?? line!);
    expect(expressions).toHaveLength(rules.match(/- alert:/g)!.length);
    expect(expressions.flatMap(unknown)).toEqual([]);
  });

  it.each([
    ['http_requests_shed_total', 'reason', ['in-flight', 'event-loop-lag']],
    ['retries_total', 'sqlstate', ['40001', '40P01', 'QM409']],
  ])('%s begins at 0 by every %s, so that its first increase shows', (name, label, values) => {
    const begun = samples.filter((sample) => sample.name === name);
    expect(begun).toEqual(values.map((value) => ({ name, labels: { [label]: value }, value: 0 })));
  });

  it('a series that does not exist is noticed, and a label', () => {
    expect(unknown('sum(rate(http_request_duration_seconds_count{code=~"5.."}[5m]))')).toEqual(['http_request_duration_seconds_count']);
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
  (hasPromtool ? it : it.skip)('the alerts fire when they should, and not otherwise', () => {
    const { status, stdout } = spawnSync('promtool', ['test', 'rules', path.join(ROOT, 'docker/prometheus/alerts.test.yml')], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('SUCCESS') });
  });

  (hasPromtool ? it : it.skip)('passes promtool check metrics', () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name: name!,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label!, text!])),
    value: Number(value),
  }));
}
