import {
  cpu,
  flag,
  list,
  mapOf,
  memory,
  number,
  oneOf,
  optional,
  pattern,
  storage,
  strictFor,
  text,
} from "../../model/fields";
import { Router } from "../../release/compile/target";
import { annotationName, anything, image, labelsSchema, objectName, prometheusAddress, wholeSeconds } from "../fields";
import {
  type ArgoRolloutsArgs,
  type ComputeResources,
  type GatewayApiPlugin,
  type KubernetesPlatformArgs,
  type PlatformNamespace,
  type PrometheusArgs,
  type PrometheusStorage,
  ServiceType,
  type TraefikArgs,
} from "./args";

const copies = number({ min: 1, max: 100, integer: true });
/** The range that clusters usually have for such ports. */
const nodePort = number({ min: 1024, max: 65535, integer: true });
const compute = strictFor<ComputeResources>({ cpu: optional(cpu), memory: optional(memory) }, '{ memory: "256MiB" }');
const manifests = text("a file or a folder, relative to the program's folder");

const plugin = strictFor<GatewayApiPlugin>(
  {
    location: pattern(
      /^(https:\/\/|file:\/\/\/)\S+$/,
      "must be an address",
      'Write "https://…", or "file:///…" in the image',
    ),
    sha256: optional(pattern(/^[0-9a-f]{64}$/, "must be 64 digits and letters a to f", "sha256sum prints it")),
  },
  '{ location: "https://…" }',
);

const argoRollouts = strictFor<ArgoRolloutsArgs>(
  {
    install: optional(flag),
    image: optional(image),
    crds: optional(manifests),
    keepCrds: optional(flag),
    replicas: optional(copies),
    resources: optional(compute),
    gatewayApiPlugin: optional(plugin),
  },
  "{ replicas: 2 }",
);

const traefik = strictFor<TraefikArgs>(
  {
    install: optional(flag),
    image: optional(image),
    crds: optional(manifests),
    keepCrds: optional(flag),
    serviceType: optional(oneOf(ServiceType)),
    serviceAnnotations: optional(mapOf(text('"value"'), annotationName, '{ "example.com/name": "value" }')),
    webNodePort: optional(nodePort),
    websecureNodePort: optional(nodePort),
    replicas: optional(copies),
    resources: optional(compute),
    stopDelay: optional(wholeSeconds(0)),
    stopTimeout: optional(wholeSeconds(1)),
  },
  '{ serviceType: "NodePort" }',
);

const prometheus = strictFor<PrometheusArgs>(
  {
    install: optional(flag),
    address: optional(prometheusAddress),
    image: optional(image),
    scrapeInterval: optional(wholeSeconds(1)),
    retention: optional(wholeSeconds(3600)),
    storage: optional(
      strictFor<PrometheusStorage>({ size: storage, storageClass: optional(objectName) }, '{ size: "20GiB" }'),
    ),
    resources: optional(compute),
    verifyKubelets: optional(flag),
  },
  '{ scrapeInterval: "15s" }',
);

/** Arguments of a KubernetesPlatform. */
export const platformSchema = strictFor<KubernetesPlatformArgs>(
  {
    cluster: optional(anything()),
    namespace: optional(
      strictFor<PlatformNamespace>({ name: optional(objectName), install: optional(flag) }, '{ name: "headgate" }'),
    ),
    labels: optional(labelsSchema),
    routers: optional(list(oneOf(Router), '["traefik"]')),
    argoRollouts: optional(argoRollouts),
    traefik: optional(traefik),
    prometheus: optional(prometheus),
  },
  '{ routers: ["traefik"] }',
);
