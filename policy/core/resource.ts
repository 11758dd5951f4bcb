/** A resource as rules see it, wherever it comes from: an engine, a state, a manifest. */
export interface Resource {
  /** Pulumi's type token: "kubernetes:apps/v1:Deployment". */
  type: string;
  /** Pulumi's name of the resource, or the object's own in a manifest. */
  name: string;
  /** What was asked for: plain data, with UNKNOWN in place of what is not known yet. */
  properties: unknown;
  /** Settings of the provider that makes it, where they are known: what it gives to everything. */
  provider?: unknown;
  urn?: string;
  /** The manifest it stands in. */
  file?: string;
  /** Line in `file`, from 1. */
  line?: number;
  /** What the source says in comments, by the path of what they stand at. Absent where the source has none. */
  comments?: ReadonlyMap<string, Comment>;
}

/** Comments at one value. */
export interface Comment {
  /** Behind it, in the same line; "" for none. */
  behind: string;
  /** In the lines right above it; "" for none. */
  above: string;
}

/** What rules look at: made from the resources of some types. */
export interface Model<M> {
  /** What it is, for documentation: "workloads". */
  readonly name: string;
  /** Whether resources of this type are looked at. */
  accepts(type: string): boolean;
  /** The typed view of a resource of an accepted type; undefined where it is none after all. */
  of(resource: Resource): M | undefined;
}

/** A model of resources of several kinds. */
export function anyOf<A, B>(name: string, a: Model<A>, b: Model<B>): Model<A | B> {
  return {
    name,
    accepts: (type) => a.accepts(type) || b.accepts(type),
    of: (resource) => (a.accepts(resource.type) ? a.of(resource) : b.of(resource)),
  };
}
