import {
  AnalyzerInfo,
  EnforcementLevel,
  PolicyComplianceFramework,
  PolicyConfigSchema,
  PolicyInfo,
  PolicySeverity,
  PolicyType,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { z } from "zod";
import type { Level, Severity } from "../core/level";
import type { Rule } from "../core/rule";
import { CONFIG_SCHEMA } from "./config";
import { POLICY } from "./session";

export const PACK = {
  name: "headgate",
  displayName: "Headgate",
  description: "Rules for what may be delivered, before anything exists.",
};

export const SEVERITIES: Record<Severity, PolicySeverity> = {
  low: PolicySeverity.POLICY_SEVERITY_LOW,
  medium: PolicySeverity.POLICY_SEVERITY_MEDIUM,
  high: PolicySeverity.POLICY_SEVERITY_HIGH,
  critical: PolicySeverity.POLICY_SEVERITY_CRITICAL,
};

const LEVELS: Record<Level, EnforcementLevel> = {
  off: EnforcementLevel.DISABLED,
  advisory: EnforcementLevel.ADVISORY,
  mandatory: EnforcementLevel.MANDATORY,
};

/** What the engine, and a console, know of the pack: each rule as a policy, and one with the settings of all. */
export function analyzerInfo(rules: readonly Rule[], version: string): AnalyzerInfo {
  const info = new AnalyzerInfo();
  info.setName(PACK.name);
  info.setDisplayname(PACK.displayName);
  info.setDescription(PACK.description);
  info.setVersion(version);
  info.setSupportsconfig(true);
  info.setPoliciesList([settingsInfo(), ...rules.map(ruleInfo)]);
  return info;
}

function settingsInfo(): PolicyInfo {
  const info = new PolicyInfo();
  info.setName(POLICY.name);
  info.setDescription(POLICY.description);
  info.setPolicyType(PolicyType.POLICY_TYPE_RESOURCE);
  info.setEnforcementlevel(EnforcementLevel.MANDATORY);
  info.setConfigschema(schemaOf(CONFIG_SCHEMA.properties));
  return info;
}

function ruleInfo(rule: Rule): PolicyInfo {
  const info = new PolicyInfo();
  info.setName(rule.id);
  info.setDisplayname(rule.title);
  info.setDescription(rule.why);
  info.setPolicyType(rule.scope === "stack" ? PolicyType.POLICY_TYPE_STACK : PolicyType.POLICY_TYPE_RESOURCE);
  // What holds unless something else is said.
  info.setEnforcementlevel(LEVELS[rule.levels.production]);
  info.setSeverity(SEVERITIES[rule.severity]);
  info.setRemediationSteps(rule.remediation);
  const [standard] = rule.standards;
  if (standard !== undefined) {
    const framework = new PolicyComplianceFramework();
    framework.setName(standard.name);
    framework.setVersion(standard.version ?? "");
    framework.setSpecification(standard.section);
    info.setFramework(framework);
  }
  if (rule.options !== undefined) {
    const { properties } = z.toJSONSchema(rule.options, { io: "input", unrepresentable: "any" });
    if (properties !== undefined && Object.keys(properties).length > 0) info.setConfigschema(schemaOf(properties));
  }
  return info;
}

function schemaOf(properties: object): PolicyConfigSchema {
  const schema = new PolicyConfigSchema();
  // Only what JSON has: the texts of checks are functions.
  const plain = JSON.parse(JSON.stringify(properties)) as Parameters<typeof Struct.fromJavaScript>[0];
  schema.setProperties(Struct.fromJavaScript(plain));
  return schema;
}
