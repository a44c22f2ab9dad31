/* A process that opens the embedded database of the folder in its first argument, says so, and closes it on a line of input. */
import { openDatabase } from '../../src/db/database';

async function main(): Promise<void> {
  const database = await openDatabase({ dataDir: process.argv[2]! });
  process.stdout.write(`${database.runtimeUrl}\n`);
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await database.stop();
  process.stdin.destroy();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
