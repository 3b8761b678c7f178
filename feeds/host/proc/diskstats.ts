/** Totals since the machine started. */
export type DiskCounters = { reads: number; readBytes: number; writes: number; writtenBytes: number; busyMs: number };

const sectorBytes = 512; // the unit of /proc/diskstats, whatever the device's own sectors are

/** Whole devices by name: no partitions, which would count the same bytes twice, no loop, RAM or optical devices. */
export function parseDiskstats(text: string): Map<string, DiskCounters> {
  const disks = new Map<string, DiskCounters>();
  for (const line of text.split('\n')) {
    const [, , name, ...columns] = line.trim().split(/\s+/);
    if (name === undefined || columns.length < 10 || isSkipped(name)) continue;
    const [reads = 0, , readSectors = 0, , writes = 0, , writtenSectors = 0, , , busyMs = 0] = columns.map(Number);
    const readBytes = readSectors * sectorBytes;
    disks.set(name, { reads, readBytes, writes, writtenBytes: writtenSectors * sectorBytes, busyMs });
  }
  return disks;
}

function isSkipped(name: string): boolean {
  const isPseudo = /^(z?ram|loop|fd|sr)\d+$/.test(name);
  const isPartition = /^([hsv]d[a-z]+\d+|xvd[a-z]+\d+|(nvme\d+n\d+|mmcblk\d+)(p\d+|boot\d+|rpmb))$/.test(name);
  return isPseudo || isPartition;
}
