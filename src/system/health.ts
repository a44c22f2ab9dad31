/** Routes outside the API: is it alive, is it ready, how does it do. They are neither limited nor logged when all is well. */
import { Router, type Response } from 'express';
import { systemRoute } from './system-route';

export interface HealthChecks {
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  /** Whether every migration this build brings has been applied. */
  readonly isMigrated: () => Promise<boolean>;
  /** Only told: without Redis the server does its work all the same. Absent: it is not used. */
  readonly isRedisUp?: () => boolean;
  /** Set once the process is told to stop: balancers then send no more. */
  readonly isStopping: () => boolean;
  /** Text in the Prometheus format, and its content type. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly version: string;
}

/** Milliseconds the database may take before it counts as gone. */
const PING_LIMIT = 500;

type Verdict = 'ok' | 'failed';

async function within(limit: number, work: Promise<boolean>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  try {
    return (await Promise.race([work, late])) ? 'ok' : 'failed';
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

export function healthRoutes(checks: HealthChecks): Router {
  const router = Router();
  const serve = (route: string, handle: (res: Response) => Promise<void> | void): void => {
    router.all(route, systemRoute(route), async (_req, res) => {
      res.setHeader('Cache-Control', 'no-store');
      await handle(res);
    });
  };

  const ready = async (res: Response): Promise<void> => {
    const stopping = checks.isStopping();
    const [database, migrations] = await Promise.all([
      within(
        PING_LIMIT,
        checks.pingDatabase().then(() => true),
      ),
      within(PING_LIMIT, checks.isMigrated()),
    ]);
    const redis = checks.isRedisUp && { redis: checks.isRedisUp() ? 'ok' : 'failed' };
    const ok = !stopping && database === 'ok' && migrations === 'ok';
    if (!ok) res.setHeader('Retry-After', '1');
    res
      .status(ok ? 200 : 503)
      .json({ status: ok ? 'ok' : 'unavailable', version: checks.version, stopping, checks: { database, migrations, ...redis } });
  };

  serve('/health', ready);
  serve('/health/ready', ready);
  serve('/health/live', (res) => {
    res.json({ status: 'ok' });
  });
  serve('/metrics', async (res) => {
    const { contentType, text } = await checks.metrics();
    res.setHeader('Content-Type', contentType);
    res.end(text);
  });
  return router;
}
