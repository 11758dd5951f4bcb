import { randomBytes } from "node:crypto";
import { KubeConfig, type KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { Engine, EngineError } from "../../../testkit";

export const kubeconfig = process.env.HEADGATE_TEST_KUBECONFIG ?? "";
const { images = {} } = JSON.parse(process.env.HEADGATE_TEST_CLUSTER ?? "{}") as { images?: Record<string, string> };
/** An image that the cluster has, with a server in it that answers on 8080. */
export const HELLO = images.hello ?? "";

const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const api = KubernetesObjectApi.makeApiClient(config);

export const freshName = (): string => `tk-${randomBytes(4).toString("hex")}`;

/** What somebody beside Pulumi does to the cluster. */
export const others = {
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any field of any kind.
  async read(apiVersion: string, kind: string, namespace: string, name: string): Promise<any> {
    return api.read({ apiVersion, kind, metadata: { namespace, name } });
  },
  async apply(object: KubernetesObject & Record<string, unknown>, manager: string): Promise<void> {
    await api.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply);
  },
  async create(object: KubernetesObject & Record<string, unknown>, manager: string): Promise<void> {
    await api.create(object, undefined, undefined, manager);
  },
  async merge(object: KubernetesObject & Record<string, unknown>, manager: string): Promise<void> {
    await api.patch(object, undefined, undefined, manager, undefined, PatchStrategy.MergePatch);
  },
  async removeNamespace(name: string): Promise<void> {
    await api.delete({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  },
  async isGone(apiVersion: string, kind: string, namespace: string, name: string): Promise<boolean> {
    return this.read(apiVersion, kind, namespace, name).then(
      () => false,
      (error: { code?: number }) => error.code === 404,
    );
  },
};

type Program = () => Promise<Record<string, unknown> | undefined> | Promise<void>;

export function engineFor(program: Program, env: Record<string, string> = {}): Promise<Engine> {
  return Engine.create({
    plugins: [{ name: "kubernetes", official: false }],
    env: { KUBECONFIG: kubeconfig, ...env },
    program: program as () => Promise<Record<string, unknown>>,
  });
}

/** The diagnostics of an operation that has to fail. */
export async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error.diagnostics.join("\n");
}

/** A pod that runs the example server, as small as it can be. */
export function podTemplate(labels: Record<string, string>, container: Record<string, unknown> = {}) {
  return {
    metadata: { labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "web", image: HELLO, imagePullPolicy: "IfNotPresent", ...container }],
    },
  };
}
