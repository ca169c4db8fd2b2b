// Where the toolkit's own files lie, whatever folder the user is in.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The toolkit's folder: the checkout, or the installed package. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What set-up fetched and built. */
export const cacheFolder = join(projectRoot, '.autonba');
