import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { objects } from "../../model/object";

export const runQuality = defineRule({
  id: "run-quality",
  title: "Services of Cloud Run are probed and limited",
  severity: "medium",
  standards: [{ name: "Google Cloud documentation", section: "Cloud Run: container health checks, maximum instances" }],
  levels: levels("advisory", "mandatory"),
  model: objects("services of Cloud Run", "the service", ["gcp:cloudrunv2/service:Service"]),
  why: "A service that hangs keeps its traffic, and one without limits takes what memory and money it can get.",
  remediation:
    "Give the container that serves a startupProbe and a livenessProbe, every container resources.limits, and the service maxInstanceCount.",
  *check(service) {
    const [most, older] = [service.at("scaling.maxInstanceCount"), service.at("template.scaling.maxInstanceCount")];
    yield service.fails("has no limit of instances", older, () => {
      const isLimit = (value: unknown) => typeof value === "number" && value > 0;
      return !isLimit(most.read()) && !isLimit(older.read());
    });
    const containers = service.at("template.containers").items();
    for (const item of containers) {
      const container = Part.named("container", item);
      const [memory, startup, liveness] = [
        container.at("resources.limits.memory"),
        container.at("startupProbe"),
        container.at("livenessProbe"),
      ];
      yield container.fails("has no limit of memory", memory, () => !memory.present());
      // Of several, the one with ports serves; the others are its helpers.
      const serves = () => containers.length === 1 || container.at("ports").present();
      yield container.fails("has no startup probe", startup, () => !startup.present() && serves());
      yield container.fails("has no liveness probe", liveness, () => !liveness.present() && serves());
    }
  },
});
