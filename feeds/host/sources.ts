import { type FeedContext, slug } from '../../src/feed/index.ts';
import { Counters } from './counters.ts';
import { cpuShares } from './cpu-shares.ts';
import { loadFromNode, memoryFromNode, timesFromNode } from './from-node.ts';
import type { Machine, Space } from './machine.ts';
import { type DiskCounters, parseDiskstats } from './proc/diskstats.ts';
import { type Load, parseLoadavg } from './proc/loadavg.ts';
import { type Memory, parseMeminfo } from './proc/meminfo.ts';
import { parseMounts } from './proc/mounts.ts';
import { type NetCounters, parseNetDev } from './proc/net-dev.ts';
import { parsePressure } from './proc/pressure.ts';
import { type CpuTimes, parseStat } from './proc/stat.ts';
import { slugs } from './slugs.ts';
import { Spaces } from './spaces.ts';
import type { HostTopics } from './topics.ts';

export const sourceNames = ['cpu', 'load', 'memory', 'pressure', 'disk', 'fs', 'net', 'process'] as const;
export type SourceName = (typeof sourceNames)[number];

export type HostContext = FeedContext<HostTopics, { name: string; sources: readonly SourceName[] }>;

/** Reads once and publishes what there is to say. `absent`: this machine does not offer it. */
export type Source = () => SourceOutcome | Promise<SourceOutcome>;
export type SourceOutcome = 'read' | 'absent';

/** The sources of this machine that the configuration asks for. Linux has all of them, other systems what Node tells. */
export function openSources(machine: Machine, context: HostContext): Map<SourceName, Source> {
  const openers = machine.platform === 'linux' ? fromProc : fromNode;
  return new Map(context.config.sources.map((name) => [name, openers[name]?.(machine, context) ?? isAbsent]));
}

type OpenSource = (machine: Machine, context: HostContext) => Source;
const isAbsent: Source = () => 'absent';

const fromProc: Record<SourceName, OpenSource> = {
  cpu: (machine, context) => openCpu(() => times(machine), machine, context),
  load: (machine, context) => openLoad(() => parsed(machine.read('/proc/loadavg'), parseLoadavg), context),
  memory: (machine, context) => openMemory(() => parsed(machine.read('/proc/meminfo'), parseMeminfo), context),
  pressure: openPressure,
  disk: openDisk,
  fs: openFileSystems,
  net: openNet,
  process: openProcess,
};

const fromNode: Partial<Record<SourceName, OpenSource>> = {
  cpu: (machine, context) => openCpu(() => timesFromNode(machine), machine, context),
  load: (machine, context) => openLoad(() => loadFromNode(machine), context),
  memory: (machine, context) => openMemory(() => memoryFromNode(machine), context),
  process: openProcess,
};

function openCpu(read: () => Map<string, CpuTimes>, machine: Machine, context: HostContext): Source {
  const counters = new Counters<CpuTimes>();
  return () => {
    const sample = read();
    const gains = counters.rates(sample, machine.nowMs());
    const all = shares(gains.get('cpu'));
    const processors = [...sample.keys()].filter((name) => name !== 'cpu');
    const cores = processors.map((name) => rounded(shares(gains.get(name))?.total));
    if (all !== undefined) context.publish(`host.${context.config.name}.cpu`, { ...all, cores });
    return sample.size > 0 ? 'read' : 'absent';
  };
}

function openLoad(read: () => Load | undefined, { publish, config }: HostContext): Source {
  return () => {
    const load = read();
    if (load !== undefined) publish(`host.${config.name}.load`, load);
    return load !== undefined ? 'read' : 'absent';
  };
}

function openMemory(read: () => Memory | undefined, { publish, config }: HostContext): Source {
  return () => {
    const memory = read();
    if (memory !== undefined) publish(`host.${config.name}.memory`, memory);
    return memory !== undefined ? 'read' : 'absent';
  };
}

function openPressure(machine: Machine, { publish, config }: HostContext): Source {
  return () => {
    const texts = ['cpu', 'memory', 'io'].map((what) => machine.read(`/proc/pressure/${what}`));
    if (texts.every((text) => text === undefined)) return 'absent';
    const [cpu, mem, io] = texts.map((text) => parsePressure(text ?? ''));
    publish(`host.${config.name}.pressure`, {
      cpuSome: cpu?.some ?? null,
      cpuFull: cpu?.full ?? null,
      memSome: mem?.some ?? null,
      memFull: mem?.full ?? null,
      ioSome: io?.some ?? null,
      ioFull: io?.full ?? null,
    });
    return 'read';
  };
}

function openDisk(machine: Machine, { publish, config }: HostContext): Source {
  const counters = new Counters<DiskCounters>();
  return () => {
    const text = machine.read('/proc/diskstats');
    const rates = counters.rates(parseDiskstats(text ?? ''), machine.nowMs());
    for (const [device, rate] of rates) {
      publish(`host.${config.name}.disk.${slug(device)}`, {
        readBps: rate.readBytes,
        writeBps: rate.writtenBytes,
        readIops: rate.reads,
        writeIops: rate.writes,
        utilPct: Math.min(100, rate.busyMs / 10), // ms a second; the kernel's clock and ours differ a little
      });
    }
    return text !== undefined ? 'read' : 'absent';
  };
}

function openNet(machine: Machine, { publish, config }: HostContext): Source {
  const counters = new Counters<NetCounters>();
  return () => {
    const text = machine.read('/proc/net/dev');
    const sample = parseNetDev(text ?? '');
    const segments = slugs(sample.keys());
    for (const [name, rate] of counters.rates(sample, machine.nowMs())) {
      publish(`host.${config.name}.net.${segments.get(name)}`, {
        rxBps: rate.rxBytes,
        txBps: rate.txBytes,
        rxPps: rate.rxPackets,
        txPps: rate.txPackets,
        rxErr: rate.rxErrors,
        rxDrop: rate.rxDrops,
        txErr: rate.txErrors,
        txDrop: rate.txDrops,
      });
    }
    return text !== undefined ? 'read' : 'absent';
  };
}

function openFileSystems(machine: Machine, { publish, config }: HostContext): Source {
  const spaces = new Spaces(machine.statfs);
  return async () => {
    const text = machine.read('/proc/mounts');
    const paths = parseMounts(text ?? '').map((mount) => mount.path);
    const segments = slugs(paths);
    for (const path of paths) {
      const space = await spaces.of(path);
      // A file system without blocks is made up by something this feed does not know by name.
      if (space !== undefined && space.blocks > 0) {
        publish(`host.${config.name}.fs.${segments.get(path)}`, { mount: path, ...room(space) });
      }
    }
    return text !== undefined ? 'read' : 'absent';
  };
}

function openProcess(machine: Machine, { publish, config, signal }: HostContext): Source {
  const meter = machine.startProcessMeter();
  signal.addEventListener('abort', meter.stop, { once: true });
  return () => {
    const reading = meter.read(machine.nowMs());
    if (reading !== undefined) publish(`host.${config.name}.process`, reading);
    return 'read';
  };
}

function times(machine: Machine): Map<string, CpuTimes> {
  return parseStat(machine.read('/proc/stat') ?? '');
}

/** As df(1) reckons: what root keeps for itself counts neither as used nor as available. */
function room({ bsize, blocks, bfree, bavail, files, ffree }: Space) {
  const used = blocks - bfree;
  const usedPct = used + bavail > 0 ? (100 * used) / (used + bavail) : 0;
  return {
    size: blocks * bsize,
    free: bfree * bsize,
    avail: bavail * bsize,
    usedPct,
    inodes: files,
    inodesFree: ffree,
  };
}

function parsed<T>(text: string | undefined, parse: (text: string) => T | undefined): T | undefined {
  return text === undefined ? undefined : parse(text);
}

function shares(gains: CpuTimes | undefined) {
  return gains === undefined ? undefined : cpuShares(gains);
}

/** Lists travel as they are, so a digit that means nothing is a byte for nothing. */
function rounded(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * 1e4) / 1e4;
}
