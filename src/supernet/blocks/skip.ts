import type { Skip } from '../block.ts';

export const skip = { kind: 'skip', summary: 'the layer vanishes' } satisfies Skip;
