import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TextDocument as Document } from "vscode-languageserver-textdocument";
import { stringify } from "yaml";
import type { ActionPin, ActionPins } from "../../../components/github/pins/pins";
import type { GeneratedFile } from "../../../components/pipeline/generated-file";
import type { Placed } from "./finding";
import type { Judged } from "./layout";

// Resolved as an ES module, which it is; what runs is the bundle.
type Validate = typeof import("@actions/languageservice", { with: { "resolution-mode": "import" }}).validate;

interface Service {
  validate: Validate;
  clearCache(): void;
  TextDocument: typeof Document;
}

type Config = NonNullable<Parameters<Validate>[1]>;

/** GitHub's own checks of keys, expressions, and what a step or job passes, by what the pins say of each action. */
export function languageService(
  path: string,
  work: string,
  pins: ActionPins,
): (judged: readonly Judged[]) => Promise<Placed[]> {
  const { validate, clearCache, TextDocument } = require(path) as Service;
  const actionsMetadataProvider: Config["actionsMetadataProvider"] = {
    fetchActionMetadata: async ({ owner, name, path, ref }) => {
      const action = [owner, name, path].filter(Boolean).join("/");
      const pin = pins[action];
      if (pin?.sha !== ref) return undefined;
      const inputs = Object.entries(pin.inputs).map(([key, input]) => [key, { description: "", ...input }]);
      return { name: action, description: "", inputs: Object.fromEntries(inputs) };
    },
  };
  return async (judged) => {
    const all: Placed[] = [];
    for (const { place, file, repository } of judged) {
      const document = TextDocument.create(pathToFileURL(join(work, place)).href, "yaml", 1, file.content);
      const fileProvider = fileProviderOf(repository, pins);
      for (const { message, range } of await validate(document, { actionsMetadataProvider, fileProvider })) {
        all.push({ tool: "languageservice", place, line: range.start.line + 1, message: textOf(message) });
      }
      // It keeps what it has parsed by the name of the file.
      clearCache();
    }
    return all;
  };
}

const textOf = (message: string | { value: string }): string => (typeof message === "string" ? message : message.value);

/** Reads workflows and actions of the same repository, and makes those of others out of their pins. */
function fileProviderOf(repository: readonly GeneratedFile[], pins: ActionPins): NonNullable<Config["fileProvider"]> {
  return {
    getFileContent: async (reference) => {
      if (!("repository" in reference)) {
        const file = repository.find(({ path }) => path === reference.path);
        if (file === undefined) throw new Error(`${reference.path} is not in the repository`);
        return { name: file.path, content: file.content };
      }
      const action = `${reference.owner}/${reference.repository}/${reference.path}`;
      const pin = pins[action];
      if (pin?.sha !== reference.version) throw new Error(`${action} has no pin at ${reference.version}`);
      return { name: action, content: stringify(workflowOf(pin)) };
    },
  };
}

const workflowOf = ({ inputs, secrets = {}, outputs = {} }: ActionPin): unknown => ({
  on: {
    workflow_call: {
      inputs,
      secrets,
      outputs: Object.fromEntries(Object.keys(outputs).map((name) => [name, { value: "" }])),
    },
  },
  jobs: { called: { "runs-on": "ubuntu-24.04", steps: [{ run: "true" }] } },
});
