import type { Resource } from "./resource";

/** Stands for a value that is known only after the update, in properties that did not come from the engine. */
export const UNKNOWN = Symbol.for("headgate.policy.unknown");

export type Key = string | number;

/** Reading a value that is not known yet. The message is only for programmers: findings tell the path. */
export class UnknownValue extends Error {
  constructor(readonly path: string) {
    super(`${path} is not known`);
  }
}

/** Reading, in a patch, a value that the patch leaves as it is. */
export class Unstated extends Error {}

/** What every cursor into one resource shares. */
export interface Origin {
  /** Which resource this is, for findings of rules that look at several. */
  readonly resource: Resource;
  /** Whether the resource only says what it changes (the `Patch` kinds), so that a missing value says nothing. */
  readonly partial: boolean;
}

/**
 * A place in a resource's properties. Moving is free; `read` gives the value, or ends the test of one element with
 * the path that is not known. Rules have no other way to a value.
 */
export class Cursor {
  private constructor(
    readonly origin: Origin,
    private readonly raw: unknown,
    private readonly parent: Cursor | undefined,
    private readonly key: Key,
    /** Whether this, or what it lies in, is unknown. */
    readonly unknown: boolean,
  ) {}

  static of(origin: Origin, properties: unknown): Cursor {
    return new Cursor(origin, properties, undefined, "", properties === UNKNOWN);
  }

  /** The properties of a resource that says all of what it is. */
  static root(resource: Resource): Cursor {
    return Cursor.of({ resource, partial: false }, resource.properties);
  }

  /** Descends by names with dots between them: `at("securityContext.privileged")`. */
  at(names: string): Cursor {
    return names.split(".").reduce<Cursor>((cursor, name) => cursor.child(name), this);
  }

  /** Descends by one key, which may hold dots: an annotation's. */
  entry(key: string): Cursor {
    return this.child(key);
  }

  /** @throws UnknownValue, Unstated */
  read(): unknown {
    if (this.unknown) throw new UnknownValue(this.unknownPath());
    if (!this.stated) throw new Unstated();
    return this.raw;
  }

  /** Whether the resource says anything about this: only a patch leaves something open. */
  get stated(): boolean {
    return this.raw !== undefined || !this.origin.partial;
  }

  /** The value where it is a text. @throws UnknownValue, Unstated */
  text(): string | undefined {
    const value = this.read();
    return typeof value === "string" ? value : undefined;
  }

  /** The value where it is a number. @throws UnknownValue, Unstated */
  number(): number | undefined {
    const value = this.read();
    return typeof value === "number" ? value : undefined;
  }

  /** Whether there is something here: neither nothing nor null. @throws UnknownValue, Unstated */
  present(): boolean {
    const value = this.read();
    return value !== undefined && value !== null;
  }

  /**
   * The elements of a list, to go through: one unknown element where the list is not known, none where it is no
   * list.
   */
  items(): Cursor[] {
    if (this.unknown) return [this];
    if (!Array.isArray(this.raw)) return [];
    return Array.from(this.raw, (raw, index) => new Cursor(this.origin, raw, this, index, raw === UNKNOWN));
  }

  /** The entries of a map, to go through: one unknown entry where the map is not known, none where it is no map. */
  entries(): [string, Cursor][] {
    if (this.unknown) return [["", this]];
    if (typeof this.raw !== "object" || this.raw === null || Array.isArray(this.raw)) return [];
    return Object.keys(this.raw).map((key) => [key, this.child(key)]);
  }

  /**
   * Whether an element of the list passes the test: true when a known one does, whatever is unknown beside it.
   * @throws UnknownValue, Unstated
   */
  some(test: (item: Cursor) => boolean): boolean {
    if (!this.unknown && !this.present()) return false;
    return findOf(this.items(), test) !== undefined;
  }

  /** Whether the list has an element that is something. @throws UnknownValue, Unstated */
  hasItems(): boolean {
    return this.some((item) => item.present());
  }

  /** The same place, read as JSON where it is a text that holds any: some providers take documents only as text. */
  json(): Cursor {
    return this.document(JSON.parse);
  }

  /** The same place, read by `parse` where it is a text that `parse` does not throw at. */
  document(parse: (text: string) => unknown): Cursor {
    if (this.unknown || typeof this.raw !== "string") return this;
    return new Cursor(this.origin, parsed(this.raw, parse), this.parent, this.key, false);
  }

  /** `spec.containers[0].image`, `metadata.annotations["a.b/c"]`. */
  get path(): string {
    if (this.parent === undefined) return "";
    return joinPath(this.parent.path, this.key);
  }

  /** The way to it from the resource's properties. */
  get keys(): readonly Key[] {
    return this.parent === undefined ? [] : [...this.parent.keys, this.key];
  }

  private child(key: string): Cursor {
    const { raw } = this;
    // Names of Object.prototype are no properties of a resource.
    const own = typeof raw === "object" && raw !== null && !Array.isArray(raw) && Object.hasOwn(raw, key);
    const value: unknown = own ? (raw as Record<string, unknown>)[key] : undefined;
    return new Cursor(this.origin, value, this, key, this.unknown || value === UNKNOWN);
  }

  /** The highest place that is unknown: what lies below it is so for its sake. */
  private unknownPath(): string {
    return this.parent?.unknown ? this.parent.unknownPath() : this.path;
  }
}

/** The path of what a key stands for in what another path stands for. */
export function joinPath(before: string, key: Key): string {
  if (typeof key === "number") return `${before}[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${before}[${JSON.stringify(key)}]`;
  return before === "" ? key : `${before}.${key}`;
}

/**
 * The first of several that passes the test, whatever is unknown beside it.
 * @throws UnknownValue, Unstated
 */
export function findOf<T>(all: readonly T[], test: (each: T) => boolean): T | undefined {
  let unknown: UnknownValue | undefined;
  for (const each of all) {
    try {
      if (test(each)) return each;
    } catch (error) {
      if (!(error instanceof UnknownValue)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
  return undefined;
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
