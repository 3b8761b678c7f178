/** Publishes `perTurn` messages in one loop turn, `turns` times at a steady beat, and says what CPU that took. */

const beatMs = 25; // slow enough that the subscribers' core keeps up, so the server's CPU is what is measured

export type PacedResult = { cpuSec: number; wallSec: number };

export async function publishPaced(perTurn: number, turns: number, publish: () => void): Promise<PacedResult> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  for (let turn = 1; turn <= turns; turn++) {
    for (let i = 0; i < perTurn; i++) publish();
    await until(startedAt + turn * beatMs);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { cpuSec: (user + system) / 1e6, wallSec: (performance.now() - startedAt) / 1000 };
}

function until(due: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
}
