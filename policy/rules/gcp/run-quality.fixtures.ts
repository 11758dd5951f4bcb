import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const service = of("gcp:cloudrunv2/service:Service");
const resources = { limits: { memory: "512Mi", cpu: "1" } };
const probes = { startupProbe: { httpGet: { path: "/ready" } }, livenessProbe: { httpGet: { path: "/alive" } } };
const web = { image: "shop", resources, ...probes };
const scaling = { maxInstanceCount: 10 };

export const fixtures: Fixtures = {
  pass: [
    example("probed and limited", service({ scaling, template: { containers: [web] } })),
    example(
      "a helper beside it",
      service({ template: { scaling, containers: [{ ...web, ports: { containerPort: 80 } }, { resources }] } }),
    ),
  ],
  fail: [
    broken("no limit of instances", "template.scaling.maxInstanceCount", service({ template: { containers: [web] } })),
    broken(
      "no limit of instances, written out",
      "template.scaling.maxInstanceCount",
      service({ scaling: { maxInstanceCount: 0 }, template: { containers: [web] } }),
    ),
    broken(
      "nothing said of the container",
      [
        "template.containers[0].resources.limits.memory",
        "template.containers[0].startupProbe",
        "template.containers[0].livenessProbe",
      ],
      service({ scaling, template: { containers: [{ image: "shop" }] } }),
    ),
    broken(
      "no probe of the one that serves",
      "template.containers[1].livenessProbe",
      service({
        scaling,
        template: { containers: [{ resources }, { ...web, livenessProbe: undefined, ports: { containerPort: 80 } }] },
      }),
    ),
  ],
  malformed: [malformed("texts", "fail", service({ scaling: "10", template: { containers: "shop" } }))],
  wrongKind: [example("a job", of("gcp:cloudrunv2/job:Job")({ template: { containers: [{}] } }))],
};
