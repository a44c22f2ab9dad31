import type { HotLane } from '../../db/hot-lane';
import { databaseFault } from '../../db/sql-state';
import { Prisma } from '../../generated/prisma/client';
import { AppError } from '../../kernel/app-error';
import { Unavailable } from '../../kernel/common-errors';
import { currentOrganizationId, isDryRun } from '../../kernel/context';

const BLOCK = 20;
const MOST_TRIES = 5;
const SOON = { 'Retry-After': '1' };

interface Block {
  /** The next one first; those that came back from refused orders before all others. */
  free: string[];
  filling: Promise<void> | undefined;
}

/**
 * Order numbers, taken from the series in blocks: counting up one row per order would make all orders of an organization wait for each
 * other's commit. So numbers may have gaps (NUM-2), and those of two processes interleave.
 */
export class NumberBlocks {
  private readonly blocks = new Map<string, Block>();

  constructor(private readonly lane: HotLane) {}

  /**
   * Does the work with the organization's next order number, such as SO-000042, outside of any transaction. The number comes back when
   * the work was refused, or when `used` says that its result did not take it. When somebody has used it since the block was taken (a
   * caller may bring a number, so may an import), the work is done again with another. @throws Unavailable when that happens again and again
   */
  async lend<T>(work: (number: string) => Promise<T>, used: (result: T) => boolean = () => true): Promise<T> {
    // A trial shows the number that a new block would begin with, which nobody has, and takes none.
    if (isDryRun()) return work((await this.take(1))[0]!);
    const block = this.blockOf(currentOrganizationId());
    for (let attempt = 1; ; attempt++) {
      while (block.free.length === 0) await (block.filling ??= this.fill(block));
      const taken = block.free;
      const number = taken.shift()!;
      try {
        const result = await work(number);
        if (!used(result)) block.free.unshift(number);
        return result;
      } catch (error) {
        if (!isDuplicate(error)) {
          // A refusal has certainly not used the number; after a fault of the database that isn't certain.
          if (error instanceof AppError && error.status < 500) block.free.unshift(number);
          throw error;
        }
        // Whoever brought this number may have brought those after it; a new block passes over all of them.
        taken.length = 0;
        // The caller never sent the number that somebody else has.
        if (attempt === MOST_TRIES)
          throw new Unavailable('Others use up the numbers of the series at this moment; try again', undefined, SOON);
      }
    }
  }

  private blockOf(organizationId: string): Block {
    let block = this.blocks.get(organizationId);
    if (!block) this.blocks.set(organizationId, (block = { free: [], filling: undefined }));
    return block;
  }

  private async fill(block: Block): Promise<void> {
    try {
      block.free = await this.take(BLOCK);
    } finally {
      block.filling = undefined;
    }
  }

  private async take(wanted: number): Promise<string[]> {
    const rows = await this.lane.run((lane) =>
      lane.rowsAndCommit<{ number: string }>(
        Prisma.sql`SELECT number FROM take_numbers(${currentOrganizationId()}::uuid, 'order', ${wanted}::integer) AS number`,
      ),
    );
    return rows.map(({ number }) => number);
  }
}

const isDuplicate = (error: unknown): boolean => databaseFault(error)?.constraint === 'orders_number_key';
