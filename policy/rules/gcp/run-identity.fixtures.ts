import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const service = of("gcp:cloudrunv2/service:Service");
const job = of("gcp:cloudrunv2/job:Job");
const serviceAccount = "shop@example.iam.gserviceaccount.com";

export const fixtures: Fixtures = {
  pass: [
    example("an account of its own", service({ template: { serviceAccount } })),
    example("a job's own", job({ template: { template: { serviceAccount } } })),
    example("workers' own", of("gcp:cloudrunv2/workerPool:WorkerPool")({ template: { serviceAccount } })),
  ],
  fail: [
    broken("none", "template.serviceAccount", service({ template: {} })),
    broken(
      "the default one by name",
      "template.serviceAccount",
      service({ template: { serviceAccount: "1-compute@developer.gserviceaccount.com" } }),
    ),
    broken("none for a job", "template.template.serviceAccount", job({ template: { serviceAccount } })),
  ],
  malformed: [malformed("a number", "fail", service({ template: { serviceAccount: 1 } }))],
  wrongKind: [example("a member", of("gcp:cloudrunv2/serviceIamMember:ServiceIamMember")({}))],
};
