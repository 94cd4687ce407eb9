/**
 * Rendering: the conversion of a request's body to the messages that the provider would send. It depends only on
 * its input, so that a worker thread can render a large request.
 */

export interface RenderInput {
  /** The octets of the body. */
  readonly body: Uint8Array;
  readonly contentType: string;
  /** The variable segments of the path and the header fields that the rendering depends on. */
  readonly facts: Readonly<Record<string, string>>;
  /** The templates that are stored for the provider, by name or id. */
  readonly templates: Readonly<Record<string, StoredTemplate>>;
  /** The time of the request in milliseconds since the epoch. */
  readonly now: number;
}

/** A template that the application has stored by the provider's API. */
export interface StoredTemplate {
  /** The name of the template; providers with ids also have names. */
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The time of the last change in milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Further members, in the provider's own form. */
  readonly more?: unknown;
}

export interface RenderedMessage {
  readonly raw: Uint8Array;
  readonly from: string;
  readonly to: readonly string[];
  /** The id that the provider's response gives to the message. */
  readonly id: string;
  /** The JSON of the request, as far as it describes this message. */
  readonly request: unknown;
  /** The tags that the message gets in Restante. */
  readonly tags?: readonly string[];
}

/** One message of a request with several messages: rendered, or refused with the provider's own description. */
export type RenderedItem =
  | { readonly message: RenderedMessage; readonly refusal?: undefined }
  | { readonly message?: undefined; readonly refusal: unknown };

export interface Rendering {
  readonly items: readonly RenderedItem[];
  /** Further values that the provider needs for its response. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * Renders a request. Throws `Refused`, `Failed` or `MemberError` for a request that the provider refuses as a
 * whole.
 */
export type Render = (input: RenderInput) => Promise<Rendering>;
