/**
 * Converts the schemas of the contract to schemas of the OpenAPI document. Every schema with an `$id`, and every
 * object inside of it, becomes a component of its own, because generated clients name their types after the
 * components.
 */
export type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the component name for an object inside a component: the name of the outer component, followed by the
 * name of the property.
 */
function innerName(component: string, property: string, isItem: boolean): string {
  const name = property.charAt(0).toUpperCase() + property.slice(1);
  return component + (isItem ? name.replace(/s$/, '') : name);
}

/** The types of JSON Schema. The type `integer` is absent, because `number` includes it. */
const TYPES = ['null', 'boolean', 'number', 'string', 'object', 'array'];

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** Returns a text that identifies a schema: it is the same for schemas that differ only in their descriptions. */
const contentOf = (schema: Json): string => JSON.stringify({ ...schema, description: undefined });

const isNull = (schema: Json): boolean => schema['type'] === 'null';

/**
 * Returns whether the members of a union, except null, have different types. Objects with different properties
 * have the same type.
 */
const isMixed = (union: readonly Json[]): boolean =>
  new Set(union.filter((member) => !isNull(member)).map(({ type, anyOf }) => type ?? anyOf ?? 'enumeration'))
    .size > 1;

/**
 * Adds `type: string` to the schema of an enumeration whose values are all strings; returns any other schema
 * unchanged.
 */
function typed(schema: Json): Json {
  const { const: only, enum: values = only === undefined ? undefined : [only], ...rest } = schema;
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) return schema;
  return { ...rest, type: 'string', enum: values };
}

export class Components {
  readonly #schemas = new Map<string, Json>();
  /** The names of the components by the text that `contentOf` returns for their schemas. */
  readonly #names = new Map<string, string>();

  /** The components, sorted by name. */
  get schemas(): Readonly<Record<string, Json>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * Converts a schema.
   * @param owner the name that the schema gets if it is an object without a name of its own
   */
  convert(given: object, owner: string | null = null): Json {
    const schema = given as Json;
    const { $id, $defs, ...rest } = schema;
    if ($defs !== undefined) {
      for (const [name, definition] of Object.entries($defs as Record<string, Json>)) {
        this.#register(name, { ...definition, $id: undefined });
      }
      return { ...rest, $ref: refTo(String(schema['$ref'])) };
    }
    if (typeof schema['$ref'] === 'string') return { ...rest, $ref: refTo(schema['$ref']) };
    if (typeof $id === 'string') return { $ref: refTo(this.#register($id, rest)) };
    if (Array.isArray(schema['anyOf'])) return this.#convertUnion(schema, owner);
    if (schema['properties'] === undefined || owner === null) return this.#convertMembers(schema, owner);
    return { $ref: refTo(this.#register(this.#names.get(contentOf(rest)) ?? owner, rest)) };
  }

  #register(name: string, schema: Json): string {
    const content = contentOf(schema);
    const known = this.#names.get(content);
    if (known === name) return name;
    if (this.#schemas.has(name)) throw new Error(`Two schemas of the contract have the name ${name}`);
    this.#names.set(content, name);
    this.#schemas.set(name, {});
    this.#schemas.set(name, this.#convertMembers(schema, name));
    return name;
  }

  /** Converts a union. A union of one type and null becomes `type` with a list of the two types. */
  #convertUnion({ anyOf, ...rest }: Json, owner: string | null): Json {
    const all = anyOf as readonly Json[];
    if (isMixed(all)) return { ...rest, ...this.#convertMixed(all, owner) };
    const members = all.filter((member) => !isNull(member)).map((member) => this.convert(member, owner));
    const [only] = members;
    if (only !== undefined && members.length < all.length) {
      if (members.length === 1 && typeof only['type'] === 'string' && only['enum'] === undefined) {
        return { ...only, ...rest, type: [only['type'], 'null'] };
      }
      members.push({ type: 'null' });
    }
    return { ...rest, anyOf: members };
  }

  /**
   * Converts a union of values of different types to a schema with `not`, which lists the types that the union
   * excludes. Generated clients then accept any value. The usual form `anyOf` is avoided, because
   * openapi-generator converts it to Java code that cannot be compiled (if a member is an array) or that cannot
   * send a string (Spring).
   */
  #convertMixed(union: readonly Json[], owner: string | null): Json {
    const members = union.flatMap((member) => (member['anyOf'] as Json[] | undefined) ?? [member]);
    const memberOf = (type: string): Json | undefined => members.find((member) => member['type'] === type);
    const isWhole = memberOf('integer') !== undefined;
    const excluded = TYPES.filter((type) => memberOf(type) === undefined && !(isWhole && type === 'number'));
    const object = memberOf('object');
    const array = memberOf('array');
    return {
      not: { type: excluded },
      ...(isWhole && { multipleOf: 1 }),
      ...(memberOf('boolean')?.['const'] === true && {
        not: { anyOf: [{ type: excluded }, { const: false }] },
      }),
      ...(object !== undefined && { if: { type: 'object' }, then: this.convert(object, owner) }),
      ...(array !== undefined && { items: this.convert(array['items'] as Json, owner) }),
    };
  }

  #convertMembers(schema: Json, owner: string | null): Json {
    const { properties, items, patternProperties, anyOf, allOf, ...rest } = schema;
    const nameOf = (property: string, isItem = false): string | null =>
      owner === null ? null : innerName(owner, property, isItem);
    return {
      ...(anyOf === undefined ? typed(rest) : this.#convertUnion({ ...rest, anyOf }, owner)),
      ...(Array.isArray(allOf) && {
        allOf: allOf.map((part: Json) =>
          part['$id'] === undefined ? this.#convertMembers(part, owner) : this.convert(part),
        ),
      }),
      ...(properties !== undefined && {
        properties: Object.fromEntries(
          Object.entries(properties as Record<string, Json>).map(([name, property]) => [
            name,
            this.convert(property, nameOf(name, property['type'] === 'array')),
          ]),
        ),
      }),
      ...(items !== undefined && { items: this.convert(items as Json, owner) }),
      ...(patternProperties !== undefined && {
        additionalProperties: Object.values(patternProperties as Record<string, Json>).map((value) =>
          this.convert(value, owner),
        )[0],
      }),
    };
  }
}
