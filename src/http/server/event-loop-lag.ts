const EVERY = 50;
/** Weight of the newest measurement: one long task is forgiven, half a second of them is not. */
const WEIGHT = 0.2;

/** By how many milliseconds timers are late, smoothed. */
export class EventLoopLag {
  private smoothed = 0;
  private due = performance.now() + EVERY;
  private timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => this.measure(), EVERY).unref();
  }

  get milliseconds(): number {
    return this.smoothed;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private measure(): void {
    const now = performance.now();
    this.smoothed += WEIGHT * (Math.max(0, now - this.due) - this.smoothed);
    this.due = now + EVERY;
  }
}
