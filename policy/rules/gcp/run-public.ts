import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { isEverybody, membersOf } from "../../model/google-iam";
import { objects } from "../../model/object";

const services = objects("services of Cloud Run", "the service", ["gcp:cloudrunv2/service:Service"]);
const members = objects("members of Cloud Run's services", "the service", [
  "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
  "gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding",
  "gcp:cloudrunv2/serviceIamPolicy:ServiceIamPolicy",
  "gcp:cloudrun/iamMember:IamMember",
  "gcp:cloudrun/iamBinding:IamBinding",
  "gcp:cloudrun/iamPolicy:IamPolicy",
]);

export const runPublic = defineRule({
  id: "run-public",
  title: "Services of Cloud Run are open only to those who are named",
  severity: "high",
  standards: checkov("CKV_GCP_102"),
  levels: levels("advisory", "mandatory"),
  model: anyOf("services of Cloud Run and their members", services, members),
  why: "Anybody on the internet can then call the service, past every gateway.",
  remediation:
    "Name who may invoke it, and set ingress to INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER or INGRESS_TRAFFIC_INTERNAL_ONLY. A service for the public needs a waiver.",
  *check(object) {
    for (const member of membersOf(object)) {
      yield member.fails("lets everybody call", member.cursor, () => isEverybody(member.cursor));
    }
    if (!services.accepts(object.cursor.origin.resource.type)) return;
    const [open, ingress] = [object.at("invokerIamDisabled"), object.at("ingress")];
    yield object.fails("does not ask who calls", open, () => open.read() === true);
    yield object.fails(
      "is reached from the internet",
      ingress,
      () => !ingress.present() || ingress.read() === "INGRESS_TRAFFIC_ALL",
    );
  },
});
