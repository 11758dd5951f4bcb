import { PolicyPack } from "@pulumi/policy";
import { RULES } from "../rules";
import { policyOf } from "./policy";

// Starts a server, so this file is only ever run by the engine.
new PolicyPack("headgate", {
  displayName: "Headgate",
  description: "Rules for what may be delivered, before anything exists.",
  policies: [policyOf(RULES)],
});
