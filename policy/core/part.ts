import { type Cursor, UnknownValue, Unstated } from "./cursor";
import type { Remedy } from "./remedy";
import type { Resource } from "./resource";

/** What a rule found out about one value. A test that failed by itself is no outcome: it is the rule's error. */
export interface Outcome {
  verdict: "pass" | "fail" | "unknown";
  /** The resource looked at. */
  resource: Resource;
  /** Path of the value, or of the one that is not known. */
  path: string;
  /** For a person, without any value: `container "web" is privileged`. */
  message: string;
  /** What would meet the rule, where that only adds something. */
  remedy?: Remedy;
}

/** A text that stands in the source. Types refuse one that was put together, since it could hold a value. */
export type Fixed<Text extends string> = Record<never, never> extends Record<Text, unknown> ? never : Text;

/** Names that objects in a cluster can have. Anything else is not repeated in a message. */
const shown = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;

/** A piece of a resource that rules look at on its own: the pod, a container, a volume. */
export class Part {
  constructor(
    readonly cursor: Cursor,
    /** What it is called in messages. */
    readonly label: string,
  ) {}

  /** A piece with a name of its own: `container "web"`, or `a container` where it has none that can be shown. */
  static named(kind: string, cursor: Cursor): Part {
    return new Part(cursor, labelOf(kind, cursor));
  }

  at(names: string): Cursor {
    return this.cursor.at(names);
  }

  /**
   * Judges one value: a violation when `broken` holds. `broken` reads through cursors; what it reads and does not
   * know makes the outcome unknown.
   * @param what Is read after the part's name: "is privileged".
   * @param missing What meets the rule where there is nothing at `at`. A rule that gives it says so in `adds`.
   */
  fails<const Text extends string>(what: Fixed<Text>, at: Cursor, broken: () => boolean, missing?: unknown): Outcome {
    const outcome = (verdict: Outcome["verdict"], path: string): Outcome => ({
      verdict,
      resource: this.cursor.origin.resource,
      path,
      message: `${this.label} ${what}`,
    });
    try {
      if (!broken()) return outcome("pass", at.path);
      const remedy = missing !== undefined && !at.present() && { keys: at.keys, value: missing };
      return { ...outcome("fail", at.path), ...(remedy && { remedy }) };
    } catch (error) {
      if (error instanceof UnknownValue) return outcome("unknown", error.path);
      // What a patch does not say, it does not change.
      if (error instanceof Unstated) return outcome("pass", at.path);
      throw error;
    }
  }
}

function labelOf(kind: string, cursor: Cursor): string {
  const at = cursor.at("name");
  const name = at.unknown || !at.stated ? undefined : at.text();
  return name !== undefined && shown.test(name) ? `${kind} "${name}"` : `a ${kind}`;
}
