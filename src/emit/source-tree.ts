// A generated design as text and bytes, nothing on disk yet.

/** Path within the generated directory -> content. */
export type SourceTree = ReadonlyMap<string, string | Uint8Array>;
