// Colours of the page by class name; style.css.hbs says what each is in light and in dark.

/** Chunks take turns with as many colours as the style sheet has. */
const CHUNK_COLOURS = 8;

export const chunkClass = (chunk: number): string => `chunk-${Math.max(0, chunk) % CHUNK_COLOURS}`;
