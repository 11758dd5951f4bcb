import { type ChildProcess, spawn } from "node:child_process";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "../core/resource";

/** Stands for a text that is known only after the update, on the engine's wire. */
export const WIRE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Json = Record<string, unknown>;
export type Diagnostic = proto.AnalyzeDiagnostic.AsObject;

/** A policy pack, started and asked as the engine does it, without an engine. */
export class PackServer implements Disposable {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: AnalyzerClient,
    /** From the start of the process to its port, in milliseconds. */
    readonly startMillis: number,
  ) {}

  static async start(folder: string): Promise<PackServer> {
    const begin = performance.now();
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    // The first argument is where an engine would listen.
    const process_ = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const port = await new Promise<string>((resolve, reject) => {
      process_.stderr.on("data", (text) => {
        said += String(text);
      });
      process_.stdout.on("data", (text) => {
        said += String(text);
        const found = /^(\d+)\s*$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      process_.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}: ${said}`)));
    });
    const millis = performance.now() - begin;
    const most = { "grpc.max_receive_message_length": 2 ** 28, "grpc.max_send_message_length": 2 ** 28 };
    return new PackServer(
      process_,
      new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), most),
      millis,
    );
  }

  /** Id of the process, for what it takes of the machine. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  async configure(policies: Record<string, Json>, level = proto.EnforcementLevel.MANDATORY): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [name, properties] of Object.entries(policies)) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
      request.getPolicyconfigMap().set(name, config);
    }
    await new Promise<void>((resolve, reject) =>
      this.client.configure(request, (error) => (error ? reject(error) : resolve())),
    );
  }

  async analyze(resource: Resource): Promise<Diagnostic[]> {
    return diagnosticsOf(await this.ask("Analyze", resourceMessage(resource)));
  }

  /** What the pack makes of a resource's properties, as the engine would take it: itself, where it leaves it alone. */
  async remediate(resource: Resource): Promise<unknown> {
    const response = proto.RemediateResponse.deserializeBinary(await this.ask("Remediate", resourceMessage(resource)));
    return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript() ?? resource.properties;
  }

  async analyzeStack(resources: readonly Resource[]): Promise<Diagnostic[]> {
    return diagnosticsOf(await this.ask("AnalyzeStack", stackMessage(resources)));
  }

  /** Sends a message that is made already, so that only the pack's work is measured. */
  ask(method: "Analyze" | "AnalyzeStack" | "Remediate", message: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) =>
      this.client.makeUnaryRequest(
        `/pulumirpc.Analyzer/${method}`,
        (given: Uint8Array) => Buffer.from(given),
        (taken: Uint8Array) => taken,
        message,
        (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
      ),
    );
  }

  [Symbol.dispose](): void {
    this.client.close();
    this.process.kill();
  }
}

const urnOf = ({ type, name, urn }: Resource) => urn ?? `urn:pulumi:test::shop::${type}::${name}`;
const structOf = ({ properties }: Resource) =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

/** What the engine sends of one resource. */
export const resourceMessage = (resource: Resource): Uint8Array =>
  filled(new proto.AnalyzeRequest(), resource).serializeBinary();

/** What the engine sends of a whole stack. */
export function stackMessage(resources: readonly Resource[]): Uint8Array {
  const request = new proto.AnalyzeStackRequest();
  for (const resource of resources) request.addResources(filled(new proto.AnalyzerResource(), resource));
  return request.serializeBinary();
}

function filled<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  resource: Resource,
): Message {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(structOf(resource));
  message.setOptions(new proto.AnalyzerResourceOptions());
  return message;
}

const diagnosticsOf = (message: Uint8Array) =>
  proto.AnalyzeResponse.deserializeBinary(message)
    .getDiagnosticsList()
    .map((diagnostic) => diagnostic.toObject());
