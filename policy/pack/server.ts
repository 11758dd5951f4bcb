import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Rule } from "../core/rule";
import { CONFIG_SCHEMA, ENVIRONMENT_TAG } from "./config";
import { type Enforcement, POLICY, Session, type Violation } from "./session";
import { readResource, readStack, type WireResource } from "./wire";

const PACK = {
  name: "headgate",
  displayName: "Headgate",
  description: "Rules for what may be delivered, before anything exists.",
};
/** As much as the engine sends: a whole stack comes as one message. */
const MOST_BYTES = 400 * 1024 * 1024;

const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = proto.EnforcementLevel;
const LEVELS: Record<Enforcement, proto.EnforcementLevel> = {
  advisory: ADVISORY,
  mandatory: MANDATORY,
  remediate: REMEDIATE,
  disabled: DISABLED,
};
const SEVERITIES: Record<Rule["severity"], proto.PolicySeverity> = {
  low: proto.PolicySeverity.POLICY_SEVERITY_LOW,
  medium: proto.PolicySeverity.POLICY_SEVERITY_MEDIUM,
  high: proto.PolicySeverity.POLICY_SEVERITY_HIGH,
  critical: proto.PolicySeverity.POLICY_SEVERITY_CRITICAL,
};

type JsonObject = Parameters<typeof Struct.fromJavaScript>[0];

/**
 * Serves the rules to the engine (pulumi/proto/pulumi/analyzer.proto). Pulumi's SDK would too, but reads everything
 * that is sent, before it asks whether anybody looks: see bench/policy.ts for what that takes.
 * @returns The port, which the engine waits for on the standard output, and an end.
 */
export async function servePack(rules: readonly Rule[], version: string): Promise<{ port: number; close(): void }> {
  let enforcement: Enforcement = "mandatory";
  let config: object = {};
  let environment: string | undefined;
  let session: Session | undefined;
  const judged = () => {
    session ??= new Session(rules, { enforcement, config, environment });
    return session;
  };

  const server = new Server({ "grpc.max_receive_message_length": MOST_BYTES });
  server.addService(
    {
      ...AnalyzerService,
      analyze: { ...AnalyzerService.analyze, requestDeserialize: readResource },
      remediate: { ...AnalyzerService.remediate, requestDeserialize: readResource },
      analyzeStack: { ...AnalyzerService.analyzeStack, requestDeserialize: readStack },
    },
    {
      getAnalyzerInfo: answered(() => analyzerInfo(version)),
      getPluginInfo: answered(() => {
        const info = new PluginInfo();
        info.setVersion(version);
        return info;
      }),
      configure: answered((request: proto.ConfigureAnalyzerRequest) => {
        const own = request.getPolicyconfigMap().get(POLICY.name);
        const level = own?.getEnforcementlevel() ?? MANDATORY;
        enforcement = (Object.keys(LEVELS) as Enforcement[]).find((name) => LEVELS[name] === level) ?? "mandatory";
        config = own?.getProperties()?.toJavaScript() ?? {};
        session = undefined;
        return new Empty();
      }),
      configureStack: answered((request: proto.AnalyzerStackConfigureRequest) => {
        environment = request.getTagsMap().get(ENVIRONMENT_TAG);
        session = undefined;
        return new proto.AnalyzerStackConfigureResponse();
      }),
      analyze: answered((sent: WireResource) => response(judged().resource(sent), version)),
      analyzeStack: answered((sent: WireResource[]) => response(judged().stack(sent), version)),
      remediate: answered((sent: WireResource) => remediation(judged().remediate(sent), version)),
    },
  );
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve({ port, close: () => server.forceShutdown() }) : reject(error),
    ),
  );
}

/** What goes wrong is told to the engine, which then ends the run: nothing passes by a fault. */
const answered =
  <Request, Response>(answer: (request: Request) => Response): handleUnaryCall<Request, Response> =>
  ({ request }, callback) => {
    try {
      callback(null, answer(request));
    } catch (error) {
      callback(error instanceof Error ? new Error(error.stack ?? error.message) : new Error(String(error)), null);
    }
  };

function analyzerInfo(version: string): proto.AnalyzerInfo {
  const schema = new proto.PolicyConfigSchema();
  schema.setProperties(Struct.fromJavaScript(CONFIG_SCHEMA.properties as unknown as JsonObject));
  const policy = new proto.PolicyInfo();
  policy.setName(POLICY.name);
  policy.setDescription(POLICY.description);
  policy.setPolicyType(proto.PolicyType.POLICY_TYPE_RESOURCE);
  policy.setEnforcementlevel(MANDATORY);
  policy.setConfigschema(schema);
  const info = new proto.AnalyzerInfo();
  info.setName(PACK.name);
  info.setDisplayname(PACK.displayName);
  info.setDescription(PACK.description);
  info.setVersion(version);
  info.setSupportsconfig(true);
  info.setPoliciesList([policy]);
  return info;
}

function response(violations: readonly Violation[], version: string): proto.AnalyzeResponse {
  const made = new proto.AnalyzeResponse();
  made.setDiagnosticsList(
    violations.map(({ rule, description, message, urn, severity, enforcement }) => {
      const diagnostic = new proto.AnalyzeDiagnostic();
      diagnostic.setPolicyname(rule);
      diagnostic.setPolicypackname(PACK.name);
      diagnostic.setPolicypackversion(version);
      diagnostic.setDescription(description);
      diagnostic.setMessage(message);
      diagnostic.setEnforcementlevel(LEVELS[enforcement]);
      if (urn !== undefined) diagnostic.setUrn(urn);
      if (severity !== undefined) diagnostic.setSeverity(SEVERITIES[severity]);
      return diagnostic;
    }),
  );
  return made;
}

function remediation(properties: Record<string, unknown> | undefined, version: string): proto.RemediateResponse {
  const made = new proto.RemediateResponse();
  if (properties === undefined) return made;
  const one = new proto.Remediation();
  one.setPolicyname(POLICY.name);
  one.setPolicypackname(PACK.name);
  one.setPolicypackversion(version);
  one.setDescription(POLICY.description);
  one.setProperties(Struct.fromJavaScript(properties as JsonObject));
  made.setRemediationsList([one]);
  return made;
}
