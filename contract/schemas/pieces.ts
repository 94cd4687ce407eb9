/** Schema pieces that the contract's files share. */
import Type from 'typebox';

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Instant = (description: string) => Type.String({ format: 'date-time', description });
