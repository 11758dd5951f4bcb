import type { Resource } from "../../policy";
import type { Place } from "../places";

/** What one source gave to be judged. */
export interface Input {
  resources: readonly Resource[];
  /** What stands in the source and is no resource: a document that is no object, a type that has no rules' form. */
  notJudged: readonly NotJudged[];
  /** Where a path of one of these resources stands; undefined where the source has no lines. */
  place(resource: object, path: string): Place | undefined;
}

/** Something that no rule looked at. */
export interface NotJudged {
  /** Its type as the source names it: "example.com/v1 Widget", "aws_vpc". */
  type: string;
  file: string;
  line?: number;
  /** Why, where it is not that no rule looks at the type. */
  why?: string;
}

/** Several inputs as one. */
export function together(inputs: readonly Input[]): Input {
  const owner = new Map<object, Input>();
  for (const input of inputs) for (const resource of input.resources) owner.set(resource, input);
  return {
    resources: inputs.flatMap(({ resources }) => resources),
    notJudged: inputs.flatMap(({ notJudged }) => notJudged),
    place: (resource, path) => owner.get(resource)?.place(resource, path),
  };
}
