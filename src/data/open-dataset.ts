// A data set by its name, or by the path of files that the user has.

import { existsSync } from 'node:fs';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import type { Dataset } from './dataset.ts';
import * as datasets from './datasets/index.ts';
import type { DatasetFormat, ImageShape } from './format.ts';
import * as formats from './formats/index.ts';

/** Whether it was meant as a path: names have neither slashes nor dots. */
const isPath = (name: string): boolean => /[/\\.]/.test(name);

/**
 * @param shape what images are brought to where they have sizes of their own
 * @throws InvalidConfigError, UnknownNameError
 */
export function openDataset(name: string, shape: ImageShape): Dataset {
  if (!isPath(name)) return pick('dataset', datasets, name).load();
  if (!existsSync(name))
    throw new InvalidConfigError(`"${name}" does not exist`, 'give a file or folder that is there');
  const format = Object.values<DatasetFormat>(formats).find((known) => known.recognizes(name));
  if (format !== undefined) return format.load(name, shape);
  const known = Object.values<DatasetFormat>(formats).map(({ summary }) => summary);
  throw new InvalidConfigError(
    `"${name}" is in no format of data sets that is known`,
    `give a ${known.join('; or a ')}`,
  );
}
