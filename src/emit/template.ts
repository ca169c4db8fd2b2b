// Binds a Handlebars template to the type of its view, and refuses a view that does not fill it.

import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { TemplateError } from '../util/errors.ts';

const root = new URL('../../templates/', import.meta.url);

/** A view guarded against what Handlebars prints silently: missing fields, null, undefined, fractions, NaN. */
function guard(value: unknown, file: string, path: string): unknown {
  if (value === null || value === undefined) throw new TemplateError(file, `${path} is missing`);
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new TemplateError(file, `${path} is ${value}, not a whole number`);
  if (typeof value !== 'object') return value;
  const copy = Array.isArray(value)
    ? value.map((item, index) => guard(item, file, `${path}[${index}]`))
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, guard(item, file, `${path}.${key}`)]),
      );
  return new Proxy(copy as object, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || Array.isArray(target))
        return Reflect.get(target, key, receiver);
      throw new TemplateError(file, `${path}.${key} is missing`);
    },
    has(target, key) {
      // Strict Handlebars looks whether a field is there, and would name neither template nor path.
      if (typeof key === 'symbol' || key in target || Array.isArray(target)) return key in target;
      throw new TemplateError(file, `${path}.${key} is missing`);
    },
    getOwnPropertyDescriptor(target, key) {
      // Handlebars asks for own properties before it reads them; a missing one must not pass as "not there".
      if (typeof key === 'string' && !(key in target) && !Array.isArray(target))
        throw new TemplateError(file, `${path}.${key} is missing`);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}

/**
 * The render function of `templates/<file>`; a template is compiled once, at first use.
 * @throws TemplateError naming the template and the field that is missing or not a whole number.
 */
export function defineTemplate<View extends object>(file: string): (view: View) => string {
  let render: Handlebars.TemplateDelegate | undefined;
  return (view) => {
    render ??= Handlebars.compile(readFileSync(new URL(file, root), 'utf8'), {
      noEscape: true,
      strict: true,
      knownHelpersOnly: true,
      explicitPartialContext: true,
    });
    return render(guard(view, file, 'view'));
  };
}
