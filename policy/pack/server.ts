import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Level } from "../core/level";
import type { Rule } from "../core/rule";
import { ENVIRONMENT_TAG, type Enforcement, type Told } from "./config";
import { analyzerInfo, PACK, SEVERITIES } from "./info";
import { POLICY, Session, type Violation } from "./session";
import { readResource, readStack, type WireResource } from "./wire";

/** As much as the engine sends: a whole stack comes as one message. */
const MOST_BYTES = 400 * 1024 * 1024;

const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = proto.EnforcementLevel;
const LEVELS: Record<Enforcement, proto.EnforcementLevel> = {
  advisory: ADVISORY,
  mandatory: MANDATORY,
  remediate: REMEDIATE,
  disabled: DISABLED,
};

type JsonObject = Parameters<typeof Struct.fromJavaScript>[0];

/**
 * Serves the rules to the engine (pulumi/proto/pulumi/analyzer.proto). Pulumi's SDK would too, but reads everything
 * that is sent, before it asks whether anybody looks: see bench/policy.ts for what that takes.
 * @returns The port, which the engine waits for on the standard output, and an end.
 */
export async function servePack(rules: readonly Rule[], version: string): Promise<{ port: number; close(): void }> {
  let told: Omit<Told, "environment"> = {
    enforcement: "mandatory",
    config: {},
    rules: { most: {}, options: {}, remediate: [] },
  };
  let environment: string | undefined;
  let session: Session | undefined;
  const judged = () => {
    session ??= new Session(rules, { ...told, environment });
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
      getAnalyzerInfo: answered(() => analyzerInfo(rules, version)),
      getPluginInfo: answered(() => {
        const info = new PluginInfo();
        info.setVersion(version);
        return info;
      }),
      configure: answered((request: proto.ConfigureAnalyzerRequest) => {
        told = toldBy(request, rules);
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

/** The engine sends a level of every policy, whether somebody set it or not. */
function toldBy(request: proto.ConfigureAnalyzerRequest, rules: readonly Rule[]): Omit<Told, "environment"> {
  const sent = request.getPolicyconfigMap();
  const own = sent.get(POLICY.name);
  const most: Record<string, Level> = {};
  const options: Record<string, object> = {};
  const remediate: string[] = [];
  for (const { id, levels } of rules) {
    const config = sent.get(id);
    if (config === undefined) continue;
    const properties = config.getProperties()?.toJavaScript() ?? {};
    if (Object.keys(properties).length > 0) options[id] = properties;
    const level = config.getEnforcementlevel();
    if (level === REMEDIATE) remediate.push(id);
    // What the pack said itself says nothing: the environment decides.
    if (level === DISABLED && levels.production !== "off") most[id] = "off";
    if (level === ADVISORY && levels.production === "mandatory") most[id] = "advisory";
  }
  return {
    enforcement: nameOf(own?.getEnforcementlevel() ?? MANDATORY),
    config: own?.getProperties()?.toJavaScript() ?? {},
    rules: { most, options, remediate },
  };
}

const nameOf = (level: proto.EnforcementLevel): Enforcement =>
  (Object.keys(LEVELS) as Enforcement[]).find((name) => LEVELS[name] === level) ?? "mandatory";

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
