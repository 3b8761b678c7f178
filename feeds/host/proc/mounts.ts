/** A mounted file system that holds files on something. */
export type Mount = { readonly device: string; readonly path: string; readonly type: string };

/**
 * The file systems worth a gauge: each device once, at its first mount. Left out are those that the kernel makes up,
 * those in memory (host memory counts them), read-only images, and overlays other than a container's root.
 */
export function parseMounts(text: string): Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device, path, type] = line.split(' ').map(unescapeOctal);
    if (device === undefined || path === undefined || type === undefined) continue;
    if (isWorthIt(path, type) && !byDevice.has(device)) byDevice.set(device, { device, path, type });
  }
  return [...byDevice.values()];
}

const pseudoTypes = new Set(
  `autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl fuse.lxcfs hugetlbfs iso9660
  mqueue nsfs proc pstore ramfs rpc_pipefs securityfs selinuxfs squashfs sysfs tmpfs tracefs`.split(/\s+/),
);

function isWorthIt(path: string, type: string): boolean {
  if (pseudoTypes.has(type) || /^\/(proc|sys|dev)(\/|$)/.test(path)) return false;
  return type !== 'overlay' || path === '/';
}

/** Blanks and backslashes in a name are written as three octal digits (proc_mounts, getmntent(3)). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
