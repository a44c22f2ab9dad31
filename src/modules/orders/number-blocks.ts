import { Prisma } from '../../generated/prisma/client';
import type { HotLane } from '../../db/hot-lane';
import { currentOrganizationId, isDryRun } from '../../kernel/context';

const BLOCK = 20;
const PREFIX = 'SO-';

interface Block {
  /** Numbers that came back from refused orders; taken first. */
  returned: number[];
  next: number;
  end: number;
  filling: Promise<void> | undefined;
}

/**
 * Order numbers, taken from the series in blocks: counting up one row per order would make all orders of an organization wait for each
 * other's commit. So numbers may have gaps (NUM-2), and those of two processes interleave.
 */
export class NumberBlocks {
  private readonly blocks = new Map<string, Block>();

  constructor(private readonly lane: HotLane) {}

  /** The organization's next order number, such as SO-000042. Call it outside of any transaction. */
  async next(): Promise<string> {
    const organizationId = currentOrganizationId();
    // A trial takes none: it shows the number that a new block would begin with, which nobody has.
    if (isDryRun()) return format(await this.peek(organizationId));
    const block = this.blockOf(organizationId);
    for (;;) {
      const returned = block.returned.pop();
      if (returned !== undefined) return format(returned);
      if (block.next < block.end) return format(block.next++);
      await (block.filling ??= this.fill(block, organizationId));
    }
  }

  /** Gives back the number of an order that was certainly not placed. */
  giveBack(number: string): void {
    if (isDryRun()) return;
    this.blockOf(currentOrganizationId()).returned.push(Number(number.slice(PREFIX.length)));
  }

  private blockOf(organizationId: string): Block {
    let block = this.blocks.get(organizationId);
    if (!block) this.blocks.set(organizationId, (block = { returned: [], next: 0, end: 0, filling: undefined }));
    return block;
  }

  private async peek(organizationId: string): Promise<number> {
    const next = await this.lane.text(
      Prisma.sql`SELECT next_value::text FROM number_series WHERE organization_id = ${organizationId}::uuid AND kind = 'order'`,
    );
    return Number(next ?? '1');
  }

  private async fill(block: Block, organizationId: string): Promise<void> {
    try {
      const [row] = await this.lane.run((lane) =>
        lane.rowsAndCommit<{ next_value: string }>(Prisma.sql`
          INSERT INTO number_series AS s (organization_id, kind, next_value) VALUES (${organizationId}::uuid, 'order', 1 + ${BLOCK}::bigint)
          ON CONFLICT (organization_id, kind) DO UPDATE SET next_value = s.next_value + ${BLOCK}::bigint
          RETURNING next_value`),
      );
      block.end = Number(row!.next_value);
      block.next = block.end - BLOCK;
    } finally {
      block.filling = undefined;
    }
  }
}

const format = (value: number): string => PREFIX + String(value).padStart(6, '0');
