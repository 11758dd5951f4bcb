import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule, type Stack } from "../../core/rule";
import { type KubernetesObject, kubernetesObjects } from "../../model/kubernetes-object";
import { podWorkload } from "../../model/podspec";
import { findNear, ingresses, nameOf, runsCopies, serves, services } from "../../model/selection";

const routes = kubernetesObjects(
  "routes of gateways",
  "gateway.networking.k8s.io",
  "HTTPRoute",
  "GRPCRoute",
  "TLSRoute",
  "TCPRoute",
);

export const qDrain = defineStackRule({
  id: "q-drain",
  title: "A copy behind a load balancer waits before it ends",
  severity: "medium",
  standards: [{ name: "Kubernetes documentation", section: "Pod Lifecycle: Termination of Pods" }],
  levels: levels("advisory", "mandatory"),
  why: "A pod is told to end before every load balancer knows that it gets no more requests: those in between are lost.",
  remediation: "Give a container of the pod a lifecycle.preStop that sleeps a few seconds.",
  *check(stack) {
    for (const workload of stack.of(podWorkload).filter(runsCopies)) {
      const hooks = workload.containers.map((container) => container.at("lifecycle.preStop"));
      const words = workload.containers.map((container) => container.at("args"));
      const app = workload.containers.findIndex(({ role }) => role === "app");
      yield new Part(workload.object, "the workload").fails(
        "ends while requests still come",
        hooks[app] ?? workload.pod.at("containers"),
        () =>
          app >= 0 &&
          findOf(hooks, (hook) => hook.present()) === undefined &&
          findOf(words, goesOnToServe) === undefined &&
          findNear(stack, services, workload, (each) => serves(each, workload) && facesClients(stack, each)) !==
            undefined,
      );
    }
  },
});

/** Traefik goes on to serve after it was told to end, where it is asked to. Source: its static configuration. */
const GRACE = /^--entrypoints\.[^.]+\.transport\.lifecycle\.requestacceptgracetimeout=0*[1-9]/i;
const goesOnToServe = (words: Cursor): boolean => words.some((word) => GRACE.test(word.text() ?? ""));

/** Whether a load balancer sends it requests: its own, an Ingress or a gateway. @throws UnknownValue */
function facesClients(stack: Stack, service: KubernetesObject): boolean {
  if (["LoadBalancer", "NodePort"].includes(service.object.at("spec.type").text() ?? "")) return true;
  const isIt = (name: Cursor) => name.read() === nameOf(service);
  const byIngress = ({ object }: KubernetesObject) =>
    isIt(object.at("spec.defaultBackend.service.name")) ||
    object.at("spec.rules").some((rule) => rule.at("http.paths").some((path) => isIt(path.at("backend.service.name"))));
  const byRoute = ({ object }: KubernetesObject) =>
    object.at("spec.rules").some((rule) => rule.at("backendRefs").some((backend) => isIt(backend.at("name"))));
  return (
    findNear(stack, ingresses, service, byIngress) !== undefined ||
    findNear(stack, routes, service, byRoute) !== undefined
  );
}
