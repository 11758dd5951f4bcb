import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import { plain, type RecordedResource } from "./recorded";

type Reply<Response> = (error: Error | null, response: Response) => void;

/** The parts of the runtime's mock engine that a recording listens to. */
interface Monitor {
  registerResource(request: proto.RegisterResourceRequest, reply: Reply<proto.RegisterResourceResponse>): void;
  readResource(request: proto.ReadResourceRequest, reply: Reply<proto.ReadResourceResponse>): void;
  registerResourceOutputs(request: proto.RegisterResourceOutputsRequest, reply: Reply<unknown>): void;
}

/** What the mocks of one registration can know besides their arguments. */
export interface CurrentRequest {
  raw: Record<string, unknown>;
  remote: boolean;
  additionalSecretOutputs: string[];
}

/**
 * Listens between the runtime and its mocks. The mocks see inputs in which secretness has moved up to the whole
 * property; the requests say exactly which value is secret, and have the options besides.
 */
export class Recording {
  readonly resources: RecordedResource[] = [];
  current: CurrentRequest = { raw: {}, remote: false, additionalSecretOutputs: [] };
  private running = 0;
  private activity = 0;

  listen(): void {
    // The runtime keeps its state in this global, so that several copies of it share one.
    const { settings } = (globalThis as unknown as { globalStore: { settings: { monitor: Monitor } } }).globalStore;
    const monitor = settings.monitor;
    const register = monitor.registerResource.bind(monitor);
    const read = monitor.readResource.bind(monitor);
    const outputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResource = (request, reply) => {
      const raw = request.getObject()?.toJavaScript() ?? {};
      this.current = {
        raw,
        remote: request.getRemote(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      };
      const record = this.add(request, raw, request.getCustom());
      record.protect = request.getProtect() ?? false;
      record.retainOnDelete = request.getRetainondelete() ?? false;
      record.ignoreChanges = request.getIgnorechangesList();
      record.replaceOnChanges = request.getReplaceonchangesList();
      register(request, this.replyFor(record, reply));
    };
    monitor.readResource = (request, reply) => {
      const raw = request.getProperties()?.toJavaScript() ?? {};
      this.current = { raw, remote: false, additionalSecretOutputs: request.getAdditionalsecretoutputsList() };
      const record = this.add(request, raw, true);
      record.id = request.getId();
      read(request, this.replyFor(record, reply));
    };
    monitor.registerResourceOutputs = (request, reply) => {
      this.activity += 1;
      const record = this.resources.find(({ urn }) => urn === request.getUrn());
      if (record !== undefined) record.outputs = plain(request.getOutputs()?.toJavaScript() ?? {});
      outputs(request, reply);
    };
  }

  /** Waits until nothing has been registered for a while: resources declared in callbacks follow one another. */
  async settle(): Promise<void> {
    const quietTurns = 10;
    let seen = -1;
    for (let turn = 0; turn < quietTurns; turn++) {
      if (this.running > 0 || seen !== this.activity) turn = 0;
      seen = this.activity;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private add(
    request: proto.RegisterResourceRequest | proto.ReadResourceRequest,
    raw: Record<string, unknown>,
    custom: boolean,
  ): RecordedResource {
    const record: RecordedResource = {
      urn: "",
      type: request.getType(),
      name: request.getName(),
      id: undefined,
      custom,
      parent: request.getParent(),
      dependencies: request.getDependenciesList(),
      protect: false,
      retainOnDelete: false,
      ignoreChanges: [],
      replaceOnChanges: [],
      provider: request.getProvider(),
      inputs: plain(raw),
      outputs: {},
      rawInputs: raw,
    };
    this.resources.push(record);
    return record;
  }

  private replyFor<Response extends { getUrn(): string; getId?(): string }>(
    record: RecordedResource,
    reply: Reply<Response>,
  ): Reply<Response> {
    this.running += 1;
    this.activity += 1;
    return (error, response) => {
      this.running -= 1;
      this.activity += 1;
      if (error === null) {
        record.urn = response.getUrn();
        const id = response.getId?.();
        if (id !== undefined && id !== "") record.id = id;
      }
      reply(error, response);
    };
  }
}
