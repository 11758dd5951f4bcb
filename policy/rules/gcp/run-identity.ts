import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { objects } from "../../model/object";

export const runIdentity = defineRule({
  id: "run-identity",
  title: "Services and jobs of Cloud Run have a service account of their own",
  severity: "high",
  standards: [{ name: "Google Cloud documentation", section: "Cloud Run: service identity" }],
  levels: levels("advisory", "mandatory"),
  model: objects("services and jobs of Cloud Run", "the service", [
    "gcp:cloudrunv2/service:Service",
    "gcp:cloudrunv2/job:Job",
    "gcp:cloudrunv2/workerPool:WorkerPool",
  ]),
  why: "The project's default account often may edit the whole project, and every service that names none has it.",
  remediation: "Create a service account for the service, and name it in serviceAccount of the template.",
  *check(service) {
    const { type } = service.cursor.origin.resource;
    const account = service.at(
      type === "gcp:cloudrunv2/job:Job" ? "template.template.serviceAccount" : "template.serviceAccount",
    );
    yield service.fails("runs as the project's default account", account, () => {
      const name = account.text() ?? "";
      return name === "" || name.endsWith("-compute@developer.gserviceaccount.com");
    });
  },
});
