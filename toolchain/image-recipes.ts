export const imageNames = ["node", "gateway", "prometheus", "alertmanager", "registry"] as const;
export type ImageName = (typeof imageNames)[number];
export type Images = Readonly<Record<ImageName, string>>;

/** How one base image is put together out of Debian packages. */
export interface ImageRecipe {
  /** The image is `headgate/<label>:<version>-<recipe>`. */
  readonly label: string;
  /** The Debian package that holds the program; `undefined` for the checkout's own Node. */
  readonly package?: string;
  /** Packages of shared libraries that no other package of the recipe asks for. */
  readonly libraries?: readonly string[];
  /** The program's place in the package, and its place in the image, which is that of the official image. */
  readonly program: { readonly from: string; readonly to: string };
  /** `uid:gid` as in the official image, where that is not root. */
  readonly user: string;
  /** Folders that any user may write to, so that a volume mounted there is writable too. */
  readonly writable: readonly string[];
  /** Folders copied whole from the package, with what their links point to. */
  readonly copy?: readonly string[];
  /** What to leave out of them again. */
  readonly drop?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

const registryConfig = `version: 0.1
storage:
  filesystem:
    rootdirectory: /var/lib/registry
  delete:
    enabled: true
http:
  addr: :5000
`;

export const imageRecipes: Readonly<Record<ImageName, ImageRecipe>> = {
  node: {
    label: "node",
    libraries: ["libstdc++6"],
    program: { from: "", to: "/usr/local/bin/node" },
    user: "1000:1000",
    writable: ["/home/node"],
    entrypoint: [],
    command: ["node"],
  },
  gateway: {
    label: "haproxy",
    package: "haproxy",
    program: { from: "/usr/sbin/haproxy", to: "/usr/local/sbin/haproxy" },
    user: "99:99",
    writable: ["/var/lib/haproxy"],
    entrypoint: [],
    command: ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
  },
  prometheus: {
    label: "prometheus",
    package: "prometheus",
    program: { from: "/usr/bin/prometheus", to: "/bin/prometheus" },
    user: "65534:65534",
    writable: ["/prometheus"],
    copy: ["/usr/share/prometheus"],
    // 200 MB of time zone sources beside the one file that the pages load.
    drop: ["/usr/share/prometheus/web/static/moment-timezone/data"],
    files: {
      "/etc/prometheus/prometheus.yml":
        "scrape_configs:\n  - job_name: prometheus\n    static_configs:\n      - targets: [localhost:9090]\n",
    },
    entrypoint: ["/bin/prometheus"],
    command: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
  },
  alertmanager: {
    label: "alertmanager",
    package: "prometheus-alertmanager",
    program: { from: "/usr/bin/prometheus-alertmanager", to: "/bin/alertmanager" },
    user: "65534:65534",
    writable: ["/alertmanager"],
    copy: ["/usr/share/prometheus/alertmanager"],
    files: { "/etc/alertmanager/alertmanager.yml": "route:\n  receiver: none\nreceivers:\n  - name: none\n" },
    entrypoint: ["/bin/alertmanager"],
    command: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
  },
  registry: {
    label: "registry",
    package: "docker-registry",
    program: { from: "/usr/bin/docker-registry", to: "/bin/registry" },
    user: "1000:1000",
    writable: ["/var/lib/registry"],
    files: { "/etc/distribution/config.yml": registryConfig, "/etc/docker/registry/config.yml": registryConfig },
    entrypoint: ["registry"],
    command: ["serve", "/etc/distribution/config.yml"],
  },
};

/** In every image: a shell and the few programs that health checks and start scripts use. */
export const commonPackages = ["busybox-static", "ca-certificates", "libc6"] as const;
export const shellPrograms = ["sh", "wget", "cat", "ls", "sleep", "mkdir", "cp", "chmod", "nc"] as const;

export const commonFiles: Readonly<Record<string, string>> = {
  "/etc/passwd": [
    "root:x:0:0:root:/root:/bin/sh",
    "node:x:1000:1000::/home/node:/bin/sh",
    "haproxy:x:99:99::/var/lib/haproxy:/bin/sh",
    "nobody:x:65534:65534::/:/bin/sh",
    "",
  ].join("\n"),
  "/etc/group": ["root:x:0:", "node:x:1000:", "haproxy:x:99:", "nogroup:x:65534:", ""].join("\n"),
  "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

export const imagePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The build file around `rootfs.tar`. */
export function dockerfile(recipe: ImageRecipe, labels: Readonly<Record<string, string>>): string {
  return [
    "FROM scratch",
    "ADD rootfs.tar /",
    `ENV PATH=${imagePath}`,
    ...Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`),
    `USER ${recipe.user}`,
    ...(recipe.entrypoint.length > 0 ? [`ENTRYPOINT ${JSON.stringify(recipe.entrypoint)}`] : []),
    `CMD ${JSON.stringify(recipe.command)}`,
    "",
  ].join("\n");
}
