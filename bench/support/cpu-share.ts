/** How busy this process was since the last call: 1 is one core, all of the time. */
export function takeCpuShare(): number {
  const { user, system } = process.cpuUsage(before.cpu);
  const now = performance.now();
  const share = (user + system) / 1000 / (now - before.at);
  before = { cpu: process.cpuUsage(), at: now };
  return share;
}

let before = { cpu: process.cpuUsage(), at: performance.now() };
