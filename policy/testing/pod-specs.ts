import fc from "fast-check";

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const flag = maybe(fc.boolean());
const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const profile = maybe(record({ type: fc.constantFrom("RuntimeDefault", "Localhost", "Unconfined") }));
const shared = {
  runAsNonRoot: flag,
  runAsUser: maybe(fc.constantFrom(0, 10001)),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: maybe(record({ type: fc.constantFrom("container_t", "spc_t", ""), user: fc.constantFrom("", "u") })),
};
const probe = maybe(record({ httpGet: record({ host: fc.constantFrom("", "db"), port: fc.constant(8080) }) }));

const container = record({
  name: fc.constantFrom("web", "side-car", "Not A Name"),
  image: fc.constantFrom("nginx", "ghcr.io/acme/shop:1", `ghcr.io/acme/shop@sha256:${"a".repeat(64)}`),
  ports: maybe(
    fc.array(record({ containerPort: fc.constant(80), hostPort: fc.constantFrom(0, 80) }), { maxLength: 2 }),
  ),
  livenessProbe: probe,
  readinessProbe: probe,
  env: maybe(
    fc.array(record({ name: fc.constantFrom("DB_PASSWORD", "LOG_LEVEL"), value: fc.constantFrom("hunter2", "") }), {
      maxLength: 2,
    }),
  ),
  resources: maybe(
    record({
      requests: record({ cpu: fc.constantFrom("500m", 1), memory: fc.constantFrom("1Mi", "1Gi") }),
      limits: record({ memory: fc.constantFrom("1Gi", "none") }),
    }),
  ),
  securityContext: maybe(
    record({
      ...shared,
      privileged: flag,
      allowPrivilegeEscalation: flag,
      readOnlyRootFilesystem: flag,
      procMount: maybe(fc.constantFrom("Default", "Unmasked")),
      capabilities: maybe(
        record({
          drop: fc.subarray(["ALL", "NET_RAW"]),
          add: fc.subarray(["NET_BIND_SERVICE", "SYS_ADMIN"]),
        }),
      ),
    }),
  ),
});

const volume = fc.oneof(
  fc.constantFrom("/", "/var/run", "/data").map((path) => ({ name: "host", hostPath: { path } })),
  fc.constantFrom("emptyDir", "nfs", "secret").map((kind) => ({ name: "data", [kind]: {} })),
);

/** Specs of pods, good, bad and incomplete. */
export const podSpec: fc.Arbitrary<Record<string, unknown>> = record({
  hostNetwork: flag,
  hostPID: flag,
  hostUsers: flag,
  automountServiceAccountToken: flag,
  serviceAccountName: maybe(fc.constantFrom("default", "shop")),
  os: maybe(record({ name: fc.constantFrom("linux", "windows") })),
  securityContext: maybe(
    record({ ...shared, sysctls: fc.array(record({ name: fc.constantFrom("kernel.msgmax", "net.ipv4.tcp_rmem") })) }),
  ),
  volumes: maybe(fc.array(volume, { maxLength: 3 })),
  initContainers: maybe(fc.array(container, { maxLength: 2 })),
}).chain((spec) =>
  fc.array(container, { minLength: 1, maxLength: 3 }).map((containers) => ({ ...(spec as object), containers })),
);
