import { isIP } from "node:net";
import type { z } from "zod";
import {
  field,
  filled,
  list,
  mapOf,
  number,
  oneOf,
  optional,
  port,
  storage,
  strictFor,
  text,
} from "../../model/fields";
import { OnBusy } from "../../model/on-busy";
import { describeKind, describeValue } from "../../model/problem";
import { Router } from "../../release/compile/target";
import { annotationName, anything, flowing, labelsSchema, namespaceName, objectName, userAndGroup } from "../fields";
import {
  type GatewayReference,
  type KubernetesServiceArgs,
  Monitor,
  type ServiceConnections,
  type ServicePeer,
} from "./args";

const cidr = text('"10.20.0.0/16"', (value) => {
  const [address = "", length = "", ...rest] = value.split("/");
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const got = describeValue(value);
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most) {
    return [{ problem: "must be a range of addresses", got, fix: 'Write "10.20.0.0/16"' }];
  }
  if (!bitsOf(address).slice(Number(length)).includes("1")) return [];
  const fix = `Set all to zero that comes after its first ${length} bits`;
  return [{ problem: "must begin with the first address of the range", got, fix }];
});

function bitsOf(address: string): string {
  if (isIP(address) === 4)
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  // A URL writes each address in one way: groups of hexadecimal digits, at most one "::".
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill("0");
  const all = [...groups(head), ...zeros, ...groups(tail)];
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

/** The other end of a connection. */
export const peerSchema = strictFor<ServicePeer>(
  {
    service: optional(objectName),
    namespace: optional(namespaceName),
    cidr: optional(cidr),
    ports: optional(list(port, "[5432]")),
  },
  '{ service: "database", ports: [5432] }',
);

const connections = strictFor<ServiceConnections>(
  {
    from: optional(list(peerSchema, '[{ service: "shop" }]')),
    to: optional(list(peerSchema, '[{ service: "database" }]')),
  },
  '{ to: [{ service: "database" }] }',
);

const gateway = strictFor<GatewayReference>(
  { name: objectName, namespace: optional(namespaceName), listener: optional(objectName) },
  '{ name: "public", namespace: "gateways" }',
);

/** Annotations by name. */
export const annotationsSchema = mapOf(flowing(), annotationName, '{ "example.com/name": "value" }');

/** Environment variables whose values may flow through. */
export const variablesSchema = mapOf(
  flowing(),
  {
    keys: /^[A-Za-z_]\w*$/,
    problem: "is no name of a variable",
    fix: "Use letters, digits and underscores, and no digit first",
  },
  '{ NAME: "value" }',
);

/** Names and values; the values are looked at nowhere. */
const secrets = field<NonNullable<KubernetesServiceArgs["secrets"]>>((value) => {
  const plain =
    typeof value === "object" && value !== null && !Array.isArray(value) && !/Output|Promise/.test(describeKind(value));
  if (plain) return [];
  const fix = "Write { NAME: config.requireSecret(…) }: the names must be known before anything is made";
  return [{ problem: "must be an object of names and values", got: describeKind(value), fix }];
});

const imageByDigest = flowing((reference) => imageFaults(reference));

/** What is wrong with an image that is told as text. */
export function imageFaults(reference: string) {
  if (/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(reference)) return [];
  const fix = `Add its digest, "@sha256:…": docker buildx imagetools inspect prints it`;
  return [{ problem: "must end with a digest, since a tag may move", got: describeValue(reference), fix }];
}

const count = number({ min: 0, max: 1e9, integer: true });

/** What each argument must be; service, release, objectives and hosts have checks of their own. */
export const serviceArgsSchema = strictFor<KubernetesServiceArgs>(
  {
    cluster: optional(anything()),
    namespace: optional(namespaceName),
    service: anything(),
    image: optional(imageByDigest),
    release: optional(anything()),
    objectives: optional(anything()),
    router: optional(oneOf(Router)),
    hosts: optional(anything<string[]>()),
    gateway: optional(gateway),
    entryPoints: optional(list(filled("the name of an entry point"), '["websecure"]')),
    tlsSecret: optional(objectName),
    ingressClass: optional(objectName),
    ingressAnnotations: optional(annotationsSchema),
    routerNamespace: optional(namespaceName),
    env: optional(variablesSchema),
    secrets: optional(secrets),
    counters: optional(anything<NonNullable<KubernetesServiceArgs["counters"]>>()),
    connections: optional(connections),
    scraperNamespace: optional(namespaceName),
    monitor: optional(oneOf(Monitor)),
    labels: optional(labelsSchema),
    serviceAccountAnnotations: optional(annotationsSchema),
    imagePullSecrets: optional(list(objectName, '["registry"]')),
    user: optional(userAndGroup),
    scratch: optional(
      mapOf(storage, { keys: /^\/[^:,]+$/, problem: "is no folder", fix: 'Write "/tmp"' }, '{ "/tmp": "64MiB" }'),
    ),
    storageClass: optional(objectName),
    retry: optional(count),
    onBusy: optional(oneOf(OnBusy)),
  },
  "{ service: shop }",
) satisfies z.ZodType;
