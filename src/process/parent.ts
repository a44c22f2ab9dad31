/** Milliseconds between two looks at who our parent is. */
const LOOK_EVERY = 500;

/**
 * Calls `gone` once when the process that started this one has ended. npm and its shell end by a signal and need not pass it on. Windows
 * keeps the number of a parent that is gone, and nothing is noticed; there the console ends all of them.
 */
export function onParentGone(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY);
  timer.unref();
}
