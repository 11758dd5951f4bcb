import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const service = of("gcp:cloudrunv2/service:Service");
const member = of("gcp:cloudrunv2/serviceIamMember:ServiceIamMember");
const INTERNAL = "INGRESS_TRAFFIC_INTERNAL_ONLY";

export const fixtures: Fixtures = {
  pass: [
    example("internal", service({ ingress: INTERNAL })),
    example(
      "behind a load balancer",
      service({ ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", invokerIamDisabled: false }),
    ),
    example("a group", member({ role: "roles/run.invoker", member: "group:shop@example.com" })),
  ],
  fail: [
    broken("nothing said", "ingress", service({})),
    broken("from everywhere", "ingress", service({ ingress: "INGRESS_TRAFFIC_ALL" })),
    broken("without asking", "invokerIamDisabled", service({ ingress: INTERNAL, invokerIamDisabled: true })),
    broken("everybody", "member", member({ member: "allUsers" })),
    broken(
      "everybody with an account",
      "members[1]",
      of("gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding")({
        members: ["user:a@example.com", "allAuthenticatedUsers"],
      }),
    ),
    broken("everybody, of the former kind", "member", of("gcp:cloudrun/iamMember:IamMember")({ member: "allUsers" })),
    broken(
      "everybody in a policy",
      "policyData.bindings[0].members[0]",
      of("gcp:cloudrunv2/serviceIamPolicy:ServiceIamPolicy")({
        policyData: '{"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}',
      }),
    ),
  ],
  malformed: [
    malformed("a number", "pass", service({ ingress: 1 })),
    malformed("no JSON", "pass", of("gcp:cloudrun/iamPolicy:IamPolicy")({ policyData: "allUsers" })),
  ],
  wrongKind: [example("a job", of("gcp:cloudrunv2/job:Job")({ invokerIamDisabled: true }))],
};
