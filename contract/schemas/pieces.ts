/** Schemas that several files of the contract share. */
import Type from 'typebox';

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** The empty response (204) of a call that returns no result. */
export const NoContent = Type.Null({ description: 'Done. The response has no content.' });
export const Instant = (description: string) => Type.String({ format: 'date-time', description });
